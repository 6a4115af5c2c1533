using System.Text.Json;

namespace Salvor.Compare;

/// <summary>Results for programs: every sample, seconds and bytes.</summary>
public static class ResultJson
{
    /// <param name="file">Where to.</param>
    /// <param name="snapshotBytes">The size of the snapshot that pairs worked on; 0 when there was none.</param>
    /// <param name="measured">What was measured.</param>
    public static async Task WriteAsync(string file, long snapshotBytes, Measurement measured)
    {
        await using var stream = File.Create(file);
        await using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        writer.WriteNumber("snapshotBytes", snapshotBytes);
        writer.WriteNumber("cores", Environment.ProcessorCount);
        writer.WriteStartArray("contests");
        foreach (var result in measured.Contests)
        {
            writer.WriteStartObject();
            writer.WriteString("task", result.Name);
            writer.WriteString("cache", result.Cache);
            WriteJudgement(writer, result);
            writer.WriteStartObject("warmUp");
            WriteSample(writer, "ours", result.WarmUp.Ours);
            WriteSample(writer, "theirs", result.WarmUp.Theirs);
            writer.WriteEndObject();
            WriteSamples(writer, "ours", result.Contest.Ours, result.Ours);
            WriteSamples(writer, "theirs", result.Contest.Theirs, result.Theirs);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("reports");
        foreach (var report in measured.Reports)
        {
            FigureJson.Write(writer, report);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteJudgement(Utf8JsonWriter writer, ContestResult result)
    {
        writer.WriteNumber("ratioMedian", result.Ratio.Median);
        writer.WriteNumber("ratioMin", result.Ratio.Min);
        writer.WriteNumber("ratioMax", result.Ratio.Max);
        writer.WriteNumber("peakBytes", result.PeakBytes);
        if (result.Contest.Budget.RatioMax is { } ratio)
        {
            writer.WriteNumber("ratioBudget", ratio);
            writer.WriteBoolean("ratioWithinBudget", result.IsRatioWithinBudget);
        }

        if (result.Contest.Budget.PeakBytesMax is { } bytes)
        {
            writer.WriteNumber("peakBytesBudget", bytes);
            writer.WriteBoolean("peakWithinBudget", result.IsPeakWithinBudget);
        }
    }

    private static void WriteSamples(
        Utf8JsonWriter writer, string name, Contestant contestant, IReadOnlyList<Sample> samples)
    {
        writer.WriteStartObject(name);
        writer.WriteString("program", contestant.Name);
        writer.WriteStartArray("runs");
        foreach (var sample in samples)
        {
            WriteSample(writer, name: null, sample);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteSample(Utf8JsonWriter writer, string? name, Sample sample)
    {
        if (name is not null)
        {
            writer.WritePropertyName(name);
        }

        writer.WriteStartObject();
        writer.WriteNumber("wallSeconds", sample.Wall.TotalSeconds);
        writer.WriteNumber("cpuSeconds", sample.Cpu.TotalSeconds);
        writer.WriteNumber("peakBytes", sample.PeakBytes);
        writer.WriteEndObject();
    }
}
