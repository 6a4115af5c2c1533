using Salvor.Errors;
using Salvor.Platform;

namespace Salvor.Readiness.Protect.Machine;

/// <summary>The agent runs as a unit of systemd, from now on and after each boot.</summary>
/// <param name="machine">On which machine.</param>
/// <param name="processes">For systemctl.</param>
/// <param name="wanted">The unit's text; null where salvor or its configuration is not there.</param>
public sealed class AgentUnit(NodeFiles machine, IProcessRunner processes, string? wanted) : IProtection
{
    public const string ItemName = "agent";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    public string Section => "node";

    public string Name => ItemName;

    public string Purpose => "salvor agent streams etcd's changes to the repository, and mends the control plane.";

    /// <summary>The unit's text for a program, its configuration and a mode.</summary>
    public static string TextOf(string program, string? configPath, string mode) =>
        AgentUnitText.Text(program, configPath, mode);

    public async Task<ProtectionLook> LookAsync(ProtectionAim aim, CancellationToken ct)
    {
        var file = machine.TryRead(AgentUnitText.FilePath);
        var isOurs = file is not null && AgentUnitText.IsOurs(file.Text);
        if (aim == ProtectionAim.Remove)
        {
            return new ProtectionLook
            {
                State = file is null ? ProtectionState.InForce
                    : isOurs ? ProtectionState.Differs : ProtectionState.Refused,
                Found = file is null ? "no agent" : file.Path,
                Wanted = "no agent",
                Change = isOurs ? $"stop {AgentUnitText.Unit} and delete {file!.Path}" : null,
                Note = file is null || isOurs ? null : Changed(file),
            };
        }

        if (wanted is null)
        {
            return new ProtectionLook
            {
                State = ProtectionState.NotApplicable,
                Note = "salvor is not installed here, or no configuration names a repository: run salvor init first.",
            };
        }

        if (file is not null && !isOurs)
        {
            return new ProtectionLook { State = ProtectionState.Refused, Found = file.Path, Note = Changed(file) };
        }

        var isWritten = file?.Text == wanted;
        var runs = isWritten && await RunsAsync(ct);
        return new ProtectionLook
        {
            State = isWritten && runs ? ProtectionState.InForce : ProtectionState.Differs,
            Found = !isWritten ? file is null ? "no agent" : "an agent with other settings"
                : runs ? "it runs" : "it does not run, or not after the next boot",
            Wanted = "it runs, and after each boot",
            Change = isWritten && runs ? null
                : $"{(isWritten ? "" : $"write {machine.PathOf(AgentUnitText.FilePath)}, ")}start {AgentUnitText.Unit}",
        };
    }

    public async Task ChangeAsync(ProtectionAim aim, CancellationToken ct)
    {
        if ((await LookAsync(aim, ct)).State != ProtectionState.Differs)
        {
            return;
        }

        if (aim == ProtectionAim.Remove)
        {
            await RunAsync(["disable", "--now", AgentUnitText.Unit], ct);
            machine.DeleteOwn(AgentUnitText.FilePath);
            await RunAsync(["daemon-reload"], ct);
            return;
        }

        machine.Write(AgentUnitText.FilePath, wanted!);
        await RunAsync(["daemon-reload"], ct);
        await RunAsync(["enable", AgentUnitText.Unit], ct);
        await RunAsync(["restart", AgentUnitText.Unit], ct);
    }

    private static string Changed(NodeText file) =>
        $"{file.Path} is not as salvor wrote it: somebody changed it. Look at it, and change it by hand.";

    private async Task<bool> RunsAsync(CancellationToken ct)
    {
        if (!machine.IsThisMachine)
        {
            return true; // What runs here is another machine's systemd.
        }

        foreach (var question in (string[])["is-active", "is-enabled"])
        {
            if (await processes.RunAsync("systemctl", [question, "--quiet", AgentUnitText.Unit], Limit, ct)
                is not { ExitCode: 0 })
            {
                return false;
            }
        }

        return true;
    }

    private async Task RunAsync(string[] arguments, CancellationToken ct)
    {
        if (!machine.IsThisMachine)
        {
            return;
        }

        var answer = await processes.RunAsync("systemctl", arguments, Limit, ct);
        if (answer is not { ExitCode: 0 })
        {
            throw new SalvorException(ErrorCode.Failed,
                $"systemctl {string.Join(' ', arguments)} failed: {answer?.Error.Trim() ?? "it is not there"}")
            {
                Hint = $"See journalctl -u {AgentUnitText.Unit}.",
            };
        }
    }
}
