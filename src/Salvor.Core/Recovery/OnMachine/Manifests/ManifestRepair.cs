using Salvor.Errors;
using Salvor.Node;
using Salvor.Readiness.Protect.Machine;
using Salvor.Recovery.Engine;

namespace Salvor.Recovery.OnMachine.Manifests;

/// <summary>Puts the last good manifests back, and takes strays away.</summary>
/// <remarks>
/// What a crash leaves behind: a copy of the bad one in quarantine before the good one takes its place by one rename,
/// and beside it a hidden file that kubelet does not read and the next run takes away. A stray is at the one name or
/// the other. Whatever was done already is found so, and is not done again.
/// </remarks>
public sealed class ManifestRepair
{
    private const string Kind = "manifests";

    /// <summary>Where kubeadm makes the directory anew, it may only be read by root.</summary>
    private const UnixFileMode DefaultMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly NodeFiles _machine;
    private readonly ManifestHistory _history;
    private readonly LocalQuarantine _quarantine;
    private readonly ManifestReader _reader;

    public ManifestRepair(NodeFiles machine, ManifestSettings settings, ManifestHistory history, TimeProvider time)
    {
        _machine = machine;
        _history = history;
        _quarantine = new LocalQuarantine(machine);
        _reader = new ManifestReader(machine, settings, history, new ProcessTable(machine), time);
    }

    public StepReport PutBackManifests()
    {
        _history.Refresh();
        var scene = _reader.Read();
        if (Refusal(scene) is { } refusal)
        {
            return refusal;
        }

        var faults = new List<string>();
        var done = new List<string>();
        foreach (var item in scene.Items.Where(item => NeedsGood(item, scene)))
        {
            if (WhyNot(item) is { } fault)
            {
                faults.Add(fault);
            }
            else
            {
                done.Add(PutBack(item));
            }
        }

        var said = string.Join(" ", [.. done, .. faults]);
        return faults.Count > 0 ? StepReport.Refused(said)
            : StepReport.Done(done.Count > 0 ? said : "Every manifest is the last good one.");
    }

    public StepReport QuarantineStrays()
    {
        var scene = _reader.Read();
        if (Refusal(scene) is { } refusal)
        {
            return refusal;
        }

        var moved = scene.Strays.Select(stray => $"{stray} is now {_quarantine.Move(stray, Kind)}.").ToList();
        return StepReport.Done(moved.Count > 0 ? string.Join(" ", moved) : "There is no stray manifest.");
    }

    private static StepReport? Refusal(ManifestScene scene) => scene switch
    {
        { KubeadmRuns: true } => StepReport.Refused("kubeadm runs: what it does is not interfered with."),
        { KubeadmRuns: null } => StepReport.Failed("Whether kubeadm runs can't be told: /proc can't be read."),
        { Work: { } work, IsWorkBrief: true } => StepReport.Failed($"{work} Whoever took it gets a moment."),
        { Work: { } work } => StepReport.Refused($"{work} It is left as it is."),
        _ => null,
    };

    /// <summary>
    /// The two that the API can't be ready without; and the others where one of the two is gone with them, since then
    /// the directory was emptied. Of one that is there and differs, only they matter.
    /// </summary>
    private static bool NeedsGood(ManifestItem item, ManifestScene scene) =>
        !item.IsHeld
        && (item.Pod.IsVital
            ? item.IsMissing || item.Differs
            : item.IsMissing && item.Good is not null
                && scene.Items.Any(other => other.Pod.IsVital && other.IsMissing && !other.IsHeld));

    private string? WhyNot(ManifestItem item)
    {
        if (item.Good is null)
        {
            return $"No {item.Pod.FileName} that worked is kept: put it back from the kit, with salvor restore --kit.";
        }

        return item.Pod == ControlPlanePod.Etcd && !HasData(item.Good)
            ? $"{item.Path} is not put back, since its data directory holds no log: etcd might begin an empty cluster."
            : null;
    }

    /// <summary>An etcd that finds no log takes itself for new.</summary>
    private bool HasData(GoodManifest good)
    {
        try
        {
            var manifest = EtcdManifest.Load(_machine.FileSystem, _machine.PathOf(good.Path));
            var log = _machine.PathOf(manifest.WalDirectory ?? Path.Combine(manifest.DataDirectory, "member", "wal"));
            return _machine.FileSystem.Stat(log) is { IsDirectory: true }
                && _machine.FileSystem.List(log).Any(name => name.EndsWith(".wal", StringComparison.Ordinal));
        }
        catch (SalvorException)
        {
            return false;
        }
    }

    private string PutBack(ManifestItem item)
    {
        var good = item.Good!;
        var kept = "";
        if (item.File is { } bad)
        {
            kept = $" The other one is kept as {_quarantine.Keep(bad, Kind)}.";
            _machine.Replace(bad, good.Text);
        }
        else
        {
            if (!item.IsMissing)
            {
                kept = $" What was there is kept as {_quarantine.Move(item.Path, Kind)}."; // No text: moved as it is.
            }

            var mode = _machine.FileSystem.Stat(_machine.PathOf(good.Path))?.Mode ?? DefaultMode;
            _machine.Create(item.Path, good.Text, mode, like: good.Path);
        }

        return _machine.TryRead(item.Path)?.Text == good.Text
            ? $"{item.Path} is the last good one again.{kept}"
            : throw new SalvorException(ErrorCode.Failed, $"{item.Path} was changed by somebody else just now.");
    }
}
