using Salvor.Platform;

namespace Salvor.Readiness.Protect.Machine;

/// <summary>
/// systemd starts kubelet again whenever it ends, however often, and where it can tell, when it hangs.
/// </summary>
/// <remarks>
/// What counts is what the unit's files on disk give together: where a distribution has all of it, nothing is written.
/// kubelet is never restarted: systemd reads the files again, and kubelet goes on.
/// </remarks>
public sealed class KubeletUnit(NodeFiles machine, IProcessRunner processes) : IProtection
{
    private const string Unit = "kubelet.service";

    /// <summary>The first kubelet that answers systemd's watchdog; an older one would be killed by it.</summary>
    private static readonly Version FirstWithWatchdog = new(1, 32);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(20);

    private readonly Systemd _systemd = new(machine, processes);

    public string Section => "node";

    public string Name => "kubelet-unit";

    public string Purpose => "systemd starts kubelet again whenever and however often it ends.";

    public async Task<ProtectionLook> LookAsync(ProtectionAim aim, CancellationToken ct)
    {
        var files = UnitFiles.Read(machine, Unit);
        if (aim == ProtectionAim.Remove)
        {
            return LookAtRemoval();
        }

        if (files.IsMasked || files.File is null)
        {
            return new ProtectionLook
            {
                State = files.IsMasked ? ProtectionState.Refused : ProtectionState.NotApplicable,
                Note = files.IsMasked
                    ? $"{files.File} leads to no file: the unit is masked. To undo that: systemctl unmask {Unit}"
                    : $"There is no {Unit} here.",
            };
        }

        var (wanted, note) = await WantedAsync(files, ct);
        var missing = wanted.Where(s => !s.IsGood(s.In(files)?.Value)).ToList();
        var isUnread = missing.Count == 0 && await _systemd.IsUnreadAsync(Unit, ct);
        var overruled = missing.Count == 0 ? null : Overruled(missing);
        return new ProtectionLook
        {
            State = overruled is not null ? ProtectionState.Refused
                : missing.Count > 0 || isUnread ? ProtectionState.Differs : ProtectionState.InForce,
            Found = string.Join(", ", wanted.Select(s => $"{s.Key}={s.In(files)?.Value ?? "(default)"}")),
            Wanted = string.Join(", ", wanted.Select(
                s => $"{s.Key}={(missing.Contains(s) ? s.Value : s.In(files)?.Value ?? "(default)")}")),
            Change = overruled is not null ? null
                : missing.Count > 0 ? $"write {machine.PathOf(KubeletDropIn.FilePath)}; kubelet goes on running"
                : isUnread ? "let systemd read the files again, which it has not done since they changed" : null,
            Note = overruled is null
                ? note
                : $"{overruled.File} comes later and says {overruled.Key}={overruled.Value}: change it there.",
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
            machine.DeleteOwn(KubeletDropIn.FilePath);
        }
        else
        {
            var files = UnitFiles.Read(machine, Unit);
            var (wanted, _) = await WantedAsync(files, ct);
            Write([.. wanted.Where(s => !s.IsGood(s.In(files)?.Value))]);
        }

        await _systemd.ReloadAsync(ct);
    }

    private ProtectionLook LookAtRemoval()
    {
        var file = machine.TryRead(KubeletDropIn.FilePath);
        var isOurs = file is not null && KubeletDropIn.IsOurs(file.Text);
        return new ProtectionLook
        {
            State = file is null ? ProtectionState.InForce
                : isOurs ? ProtectionState.Differs : ProtectionState.Refused,
            Found = file is null ? "no drop-in of salvor" : file.Path,
            Wanted = "no drop-in of salvor",
            Change = isOurs ? $"delete {file!.Path}; kubelet goes on running" : null,
            Note = file is null || isOurs
                ? null
                : $"{file.Path} is not as salvor wrote it: somebody changed it. Look at it, and delete it by hand.",
        };
    }

    private void Write(List<KubeletSetting> missing)
    {
        var old = machine.TryRead(KubeletDropIn.FilePath);
        var text = KubeletDropIn.With(old?.Text, missing);
        if (missing.Count > 0 && old is null)
        {
            machine.Create(KubeletDropIn.FilePath, text, NodeFiles.UsualFile);
        }
        else if (missing.Count > 0)
        {
            machine.Replace(old!, text);
        }
    }

    /// <summary>An assignment that would still be in force after ours, because its file comes later.</summary>
    private UnitSetting? Overruled(List<KubeletSetting> missing)
    {
        var text = KubeletDropIn.With(machine.TryRead(KubeletDropIn.FilePath)?.Text, missing);
        var after = UnitFiles.Read(machine, Unit, (KubeletDropIn.FilePath, text));
        return missing.Select(s => (Setting: s, After: s.In(after)))
            .FirstOrDefault(pair => !pair.Setting.IsGood(pair.After?.Value)).After;
    }

    private async Task<(IReadOnlyList<KubeletSetting> Wanted, string? Note)> WantedAsync(
        UnitFiles files, CancellationToken ct)
    {
        var version = await KubeletVersionAsync(files, ct);
        var others = KubeletSetting.All.Where(s => s != KubeletSetting.Watchdog);
        if (version >= FirstWithWatchdog)
        {
            return KubeletWatchdogGate.FindOff(machine) is { } file
                ? ([.. others, KubeletSetting.NoWatchdog],
                    $"{file} turns kubelet's answers to systemd's watchdog off, so it gets none.")
                : (KubeletSetting.All, null);
        }

        return version is null
            ? ([.. others], "kubelet can't be asked for its version, so its watchdog is left as it is.")
            : ([.. others, KubeletSetting.NoWatchdog],
                $"kubelet {version} knows no watchdog, which came with {FirstWithWatchdog}.");
    }

    private async Task<Version?> KubeletVersionAsync(UnitFiles files, CancellationToken ct)
    {
        if (!machine.IsThisMachine)
        {
            return null;
        }

        var program = files.Last(("Service", "ExecStart"))?.Value.Split(' ')[0].TrimStart('-', '@', ':', '+', '!');
        var answer = program is null ? null : await processes.RunAsync(program, ["--version"], AnswerLimit, ct);
        // "Kubernetes v1.32.1".
        var word = answer is { ExitCode: 0 } ? answer.Output.Trim().Split(' ')[^1] : "";
        var number = word.TrimStart('v').Split('-', '+')[0];
        return Version.TryParse(number, out var version) ? version : null;
    }
}
