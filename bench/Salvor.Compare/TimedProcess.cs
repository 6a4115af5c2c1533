using System.Diagnostics;
using System.Globalization;

namespace Salvor.Compare;

/// <summary>Runs a program to its end and measures it.</summary>
/// <remarks>
/// GNU time starts the program: a child's peak memory as the kernel counts it begins with what its parent had when it
/// forked, and that of GNU time is next to nothing, while ours would hide the very numbers that are wanted.
/// </remarks>
public static class TimedProcess
{
    public static async Task<Sample> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken ct) =>
        (await RunForOutputAsync(program, arguments, ct)).Sample;

    /// <summary>The same, with what it wrote to stdout.</summary>
    public static async Task<(Sample Sample, string Output)> RunForOutputAsync(
        string program, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var report = Path.GetTempFileName();
        try
        {
            string[] all = ["-q", "-f", "%U %S %M", "-o", report, program, .. arguments];
            var start = new ProcessStartInfo("/usr/bin/time", all)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment["ETCDCTL_API"] = "3";
            var begin = Stopwatch.GetTimestamp();
            using var process = Process.Start(start)!;
            var stdout = process.StandardOutput.ReadToEndAsync(ct);
            var stderr = process.StandardError.ReadToEndAsync(ct);
            await WaitAsync(process, ct);
            var wall = Stopwatch.GetElapsedTime(begin);
            return process.ExitCode == 0
                ? (Parse(wall, await File.ReadAllTextAsync(report, ct)), await stdout)
                : throw new InvalidOperationException(
                    $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: "
                    + $"{await stdout}{await stderr}");
        }
        finally
        {
            File.Delete(report);
        }
    }

    private static async Task WaitAsync(Process process, CancellationToken ct)
    {
        try
        {
            await process.WaitForExitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            // The program is a child of GNU time, which would leave it running.
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }
    }

    private static Sample Parse(TimeSpan wall, string report)
    {
        var parts = report.Split(' ', StringSplitOptions.TrimEntries);
        var cpuSeconds = Number(parts[0]) + Number(parts[1]);
        return new Sample(wall, TimeSpan.FromSeconds(cpuSeconds), (long)Number(parts[2]) * 1024);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
