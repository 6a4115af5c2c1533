using Salvor.Errors;
using Salvor.Platform;

namespace Salvor.Readiness.Protect.Machine;

/// <summary>The systemd of this machine, where it is this machine whose files are changed.</summary>
internal sealed class Systemd(NodeFiles machine, IProcessRunner processes)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ReloadLimit = TimeSpan.FromSeconds(90);

    /// <summary>Whether a unit's files changed since systemd read them.</summary>
    public async Task<bool> IsUnreadAsync(string unit, CancellationToken ct)
    {
        var answer = machine.IsThisMachine
            ? await processes.RunAsync(
                "systemctl", ["show", unit, "--property=NeedDaemonReload", "--value"], AnswerLimit, ct)
            : null;
        return answer is { ExitCode: 0 } && answer.Output.Trim() == "yes";
    }

    /// <summary>Lets it read all units again. Nothing is restarted.</summary>
    public async Task ReloadAsync(CancellationToken ct)
    {
        if (!machine.IsThisMachine)
        {
            return; // What runs here is another machine's systemd.
        }

        var answer = await processes.RunAsync("systemctl", ["daemon-reload"], ReloadLimit, ct);
        if (answer is not { ExitCode: 0 })
        {
            var why = answer is null ? "there is no systemctl" : $"{answer.ExitCode}: {answer.Error.Trim()}";
            throw new SalvorException(ErrorCode.Failed,
                $"The drop-in is as wanted, but systemd was not told of it: systemctl daemon-reload failed ({why}).")
            {
                Hint = "Run systemctl daemon-reload. Until then the old settings are in force.",
            };
        }
    }
}
