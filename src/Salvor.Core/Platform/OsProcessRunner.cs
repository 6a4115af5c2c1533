using System.ComponentModel;
using System.Diagnostics;
using Salvor.Errors;

namespace Salvor.Platform;

/// <summary>The machine's own processes.</summary>
public sealed class OsProcessRunner : IProcessRunner
{
    public async Task<ProcessResult?> RunAsync(
        string program, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken ct)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = TryStart(start);
        if (process is null)
        {
            return null;
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct);
        ending.CancelAfter(limit);
        try
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(ending.Token);
            var error = process.StandardError.ReadToEndAsync(ending.Token);
            await process.WaitForExitAsync(ending.Token);
            return new ProcessResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            ct.ThrowIfCancellationRequested();
            throw new SalvorException(ErrorCode.Failed, $"{program} did not end within {limit.TotalSeconds} s.")
            {
                IsTransient = true,
            };
        }
    }

    private static Process? TryStart(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
