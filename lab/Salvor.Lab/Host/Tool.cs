using System.Diagnostics;

namespace Salvor.Lab.Host;

/// <summary>Runs the programs that a lab is made with: ip, mount, losetup, nsenter.</summary>
public static class Tool
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs a program to its end and returns what it printed.</summary>
    /// <exception cref="LabException">It failed or took too long; the message has what it said.</exception>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancel)
    {
        var result = await TryAsync(program, arguments, Patience, cancel).ConfigureAwait(false);
        return result.Succeeded
            ? result.Output
            : throw new LabException(
                $"'{program} {string.Join(' ', arguments)}' ended with {result.Code}: {result.Error.Trim()}");
    }

    // The token first, so that a command line can be written as one.
#pragma warning disable CA1068
    public static Task<string> RunAsync(CancellationToken cancel, string program, params string[] arguments) =>
        RunAsync(program, arguments, cancel);
#pragma warning restore CA1068

    /// <summary>Runs a program and tells how it ended; past the limit it is killed, and counts as failed.</summary>
    public static async Task<ToolResult> TryAsync(
        string program, IEnumerable<string> arguments, TimeSpan limit, CancellationToken cancel)
    {
        using var process = new Process();
        process.StartInfo = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        process.Start();
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var error = process.StandardError.ReadToEndAsync(cancel);
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timer.CancelAfter(limit);
        try
        {
            await process.WaitForExitAsync(timer.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancel.ThrowIfCancellationRequested();
            return new ToolResult(ToolResult.TimedOut, "", $"no end after {limit.TotalSeconds:0.#} s");
        }

        return new ToolResult(
            process.ExitCode, await output.ConfigureAwait(false), await error.ConfigureAwait(false));
    }
}
