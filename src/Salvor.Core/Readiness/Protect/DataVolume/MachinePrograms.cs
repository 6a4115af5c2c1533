using Salvor.Errors;
using Salvor.Platform;

namespace Salvor.Readiness.Protect.DataVolume;

/// <summary>Programs of the machine that must do what they are told.</summary>
internal sealed class MachinePrograms(IProcessRunner processes)
{
    private static readonly TimeSpan UsualLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan FormatLimit = TimeSpan.FromMinutes(10);

    /// <summary>Runs it, and returns what it printed.</summary>
    /// <exception cref="SalvorException">It is not there, or failed.</exception>
    public async Task<string> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var result = await AskAsync(program, arguments, ct);
        return result.ExitCode == 0
            ? result.Output.Trim()
            : throw new SalvorException(ErrorCode.Failed,
                $"'{program} {string.Join(' ', arguments)}' ended with {result.ExitCode}: {result.Error.Trim()}");
    }

    /// <summary>Runs a program whose exit code is an answer.</summary>
    /// <exception cref="SalvorException">It is not there.</exception>
    public async Task<ProcessResult> AskAsync(string program, IReadOnlyList<string> arguments, CancellationToken ct) =>
        await processes.RunAsync(program, arguments, program.StartsWith("mkfs", StringComparison.Ordinal)
            ? FormatLimit : UsualLimit, ct)
        ?? throw new SalvorException(ErrorCode.NotFound, $"There is no program {program} on this machine.")
        {
            Hint = "It is a part of the packages util-linux, e2fsprogs and systemd.",
        };
}
