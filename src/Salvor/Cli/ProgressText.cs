using System.Globalization;
using Salvor.Progress;

namespace Salvor.Cli;

/// <summary>Sizes, rates and times as people read them.</summary>
internal static class ProgressText
{
    private static readonly string[] SizeUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    public static string Describe(WorkProgress progress, TimeSpan elapsed)
    {
        var rate = elapsed > TimeSpan.Zero ? progress.DoneBytes / elapsed.TotalSeconds : 0;
        var text = $"{progress.Stage}: {Size(progress.DoneBytes)}";
        if (progress.TotalBytes > 0)
        {
            var percent = (int)(100.0 * Math.Min(progress.DoneBytes, progress.TotalBytes) / progress.TotalBytes);
            text += $" of {Size(progress.TotalBytes)} ({percent} %)";
        }

        if (rate < 1)
        {
            return text;
        }

        text += $", {Size((long)rate)}/s";
        var left = progress.TotalBytes - progress.DoneBytes;
        return left > 0 ? $"{text}, {Duration(TimeSpan.FromSeconds(left / rate))} left" : text;
    }

    /// <summary>Bytes in the largest unit of 1024 that leaves a number of at least 1, as in "397.2 MiB".</summary>
    public static string Size(long bytes)
    {
        var unit = 0;
        var value = (double)bytes;
        while (value >= 1024 && unit < SizeUnits.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return value.ToString(unit == 0 ? "F0" : "F1", CultureInfo.InvariantCulture) + " " + SizeUnits[unit];
    }

    /// <summary>A time span in at most two units, as in "1 min 20 s".</summary>
    public static string Duration(TimeSpan span) => span switch
    {
        { TotalSeconds: < 10 } => span.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture) + " s",
        { TotalMinutes: < 1 } => $"{(int)span.TotalSeconds} s",
        { TotalHours: < 1 } => $"{span.Minutes} min {span.Seconds} s",
        _ => $"{(int)span.TotalHours} h {span.Minutes} min",
    };
}
