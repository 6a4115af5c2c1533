using System.Text.Json;

namespace Salvor.Compare;

/// <summary>Results for programs: every sample, seconds and bytes.</summary>
public static class ResultJson
{
    public static async Task WriteAsync(string file, long snapshotBytes, IReadOnlyList<ContestResult> results)
    {
        await using var stream = File.Create(file);
        await using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        writer.WriteNumber("snapshotBytes", snapshotBytes);
        writer.WriteNumber("cores", Environment.ProcessorCount);
        writer.WriteStartArray("contests");
        foreach (var result in results)
        {
            writer.WriteStartObject();
            writer.WriteString("task", result.Contest.Name);
            writer.WriteString("cache", result.IsCold ? "cold" : "warm");
            writer.WriteNumber("ratioMedian", result.RatioMedian);
            writer.WriteNumber("ratioWorst", result.RatioWorst);
            if (result.Contest.RatioMax is { } max)
            {
                writer.WriteNumber("ratioBudget", max);
                writer.WriteBoolean("withinBudget", result.IsWithinBudget);
            }

            WriteSamples(writer, "ours", result.Contest.Ours, result.Ours);
            WriteSamples(writer, "theirs", result.Contest.Theirs, result.Theirs);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteSamples(
        Utf8JsonWriter writer, string name, Contestant contestant, IReadOnlyList<Sample> samples)
    {
        writer.WriteStartObject(name);
        writer.WriteString("program", contestant.Name);
        writer.WriteStartArray("runs");
        foreach (var sample in samples)
        {
            writer.WriteStartObject();
            writer.WriteNumber("wallSeconds", sample.Wall.TotalSeconds);
            writer.WriteNumber("cpuSeconds", sample.Cpu.TotalSeconds);
            writer.WriteNumber("peakBytes", sample.PeakBytes);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
