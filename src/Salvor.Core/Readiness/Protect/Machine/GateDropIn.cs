using Salvor.Platform;

namespace Salvor.Readiness.Protect.Machine;

/// <summary>kubelet's unit runs the gate before each start.</summary>
/// <remarks>kubelet is never restarted for it: the gate is asked at its next start.</remarks>
/// <param name="machine">Whose unit.</param>
/// <param name="processes">For systemctl.</param>
/// <param name="program">Where salvor is on that machine; null where it is not there to stay.</param>
/// <param name="configPath">The configuration file that the gate is to read; null for the usual one.</param>
/// <param name="hasRepository">Whether a configuration names a repository.</param>
public sealed class GateDropIn(
    NodeFiles machine, IProcessRunner processes, string? program, string? configPath, Func<bool> hasRepository)
    : IProtection
{
    public const string ItemName = "gate";

    private const string Unit = "kubelet.service";

    private readonly Systemd _systemd = new(machine, processes);

    public string Section => "node";

    public string Name => ItemName;

    public string Purpose =>
        "Before kubelet starts, salvor gate sees whether etcd's data is the right one, and whole.";

    public async Task<ProtectionLook> LookAsync(ProtectionAim aim, CancellationToken ct)
    {
        var file = machine.TryRead(GateUnitText.FilePath);
        var isOurs = file is not null && GateUnitText.IsOurs(file.Text);
        if (aim == ProtectionAim.Remove)
        {
            return LookAtRemoval(file, isOurs);
        }

        if (UnitFiles.Read(machine, Unit).File is null)
        {
            return NotApplicable($"There is no {Unit} here.");
        }

        if (program is null || !hasRepository())
        {
            return NotApplicable(program is null
                ? "salvor is not installed on that machine: the gate would not be there."
                : "No configuration names a repository: run salvor init first.");
        }

        return await LookAtCommandAsync(GateUnitText.Command(program, configPath), file, isOurs, ct);
    }

    public async Task ChangeAsync(ProtectionAim aim, CancellationToken ct)
    {
        if ((await LookAsync(aim, ct)).State != ProtectionState.Differs)
        {
            return;
        }

        if (aim == ProtectionAim.Remove)
        {
            machine.DeleteOwn(GateUnitText.FilePath);
        }
        else
        {
            machine.Write(GateUnitText.FilePath, GateUnitText.Text(GateUnitText.Command(program!, configPath)));
        }

        await _systemd.ReloadAsync(ct);
    }

    private static ProtectionLook NotApplicable(string note) =>
        new() { State = ProtectionState.NotApplicable, Note = note };

    private static ProtectionLook LookAtRemoval(NodeText? file, bool isOurs) => new()
    {
        State = file is null ? ProtectionState.InForce : isOurs ? ProtectionState.Differs : ProtectionState.Refused,
        Found = file is null ? "no drop-in of the gate" : file.Path,
        Wanted = "no drop-in of the gate",
        Change = isOurs ? $"delete {file!.Path}; kubelet goes on running" : null,
        Note = file is null || isOurs ? null : Changed(file),
    };

    private static string Changed(NodeText file) =>
        $"{file.Path} is not as salvor wrote it: somebody changed it. Look at it, and delete it by hand.";

    private async Task<ProtectionLook> LookAtCommandAsync(
        string command, NodeText? file, bool isOurs, CancellationToken ct)
    {
        var isWritten = Runs(UnitFiles.Read(machine, Unit), command);
        var isUnread = isWritten && await _systemd.IsUnreadAsync(Unit, ct);
        var after = UnitFiles.Read(machine, Unit, (GateUnitText.FilePath, GateUnitText.Text(command)));
        var refusal = isWritten ? null
            : file is not null && !isOurs ? Changed(file)
            : Runs(after, command) ? null
            : $"A file of {Unit} that comes later takes {GateUnitText.Key} away: change it there.";
        return new ProtectionLook
        {
            State = refusal is not null ? ProtectionState.Refused
                : isWritten && !isUnread ? ProtectionState.InForce : ProtectionState.Differs,
            Found = isWritten ? $"{GateUnitText.Key}={command}"
                : file is null ? "no gate" : UnitFileText.Read(file.Text, file.Path).LastOrDefault()?.Value,
            Wanted = $"{GateUnitText.Key}={command}",
            Change = refusal is not null || (isWritten && !isUnread) ? null
                : isWritten ? "let systemd read the files again, which it has not done since they changed"
                : $"write {machine.PathOf(GateUnitText.FilePath)}; kubelet goes on running",
            Note = refusal,
        };
    }

    private static bool Runs(UnitFiles files, string command) =>
        files.All(GateUnitText.Section, GateUnitText.Key).Any(setting => setting.Value == command);
}
