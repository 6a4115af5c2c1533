using Salvor.Errors;
using Salvor.Node;

namespace Salvor.Readiness.Protect.Machine;

/// <summary>etcd's own manifest forbids it to start on an empty data directory.</summary>
/// <remarks>
/// Both settings are one item, since they are one file: kubelet restarts etcd when its manifest changes, and once is
/// enough.
/// </remarks>
public sealed class EtcdInterlock(NodeFiles machine, ProtectionRecord record, string manifestPath) : IProtection
{
    public const string ItemName = "etcd-interlock";

    private const string Existing = "existing";
    private const string Directory = "Directory";
    private const string VolumeType = "volume-type";

    public string Section => "node";

    public string Name => ItemName;

    public string Purpose =>
        "etcd refuses to start on an empty data directory, where it would make a new, empty cluster.";

    public Task<ProtectionLook> LookAsync(ProtectionAim aim, CancellationToken ct)
    {
        var (_, manifest) = Read();
        var (state, type) = Wanted(aim, manifest);
        var isInForce = state == manifest.State && type == manifest.VolumeType;
        var isRefused = !isInForce && aim == ProtectionAim.Protect && !HasData();
        return Task.FromResult(new ProtectionLook
        {
            State = isInForce ? ProtectionState.InForce
                : isRefused ? ProtectionState.Refused : ProtectionState.Differs,
            Found = Describe(manifest.State, manifest.VolumeType),
            Wanted = Describe(state, type),
            Change = isInForce || isRefused
                ? null
                : $"edit {machine.PathOf(manifestPath)}; kubelet then restarts etcd, once",
            Note = isRefused
                ? "The data directory is empty: on a new node the interlock would keep etcd from its first start. "
                    + "Run this again once etcd has started; if this node had data, restore it first."
                : null,
        });
    }

    public async Task ChangeAsync(ProtectionAim aim, CancellationToken ct)
    {
        if ((await LookAsync(aim, ct)).State != ProtectionState.Differs)
        {
            return;
        }

        var (file, manifest) = Read();
        var (state, type) = Wanted(aim, manifest);
        var text = manifest.With(state, type);
        if (aim == ProtectionAim.Protect)
        {
            record.Remember(Name, Before(manifest));
        }

        machine.Replace(file, text);
        if (aim == ProtectionAim.Remove)
        {
            record.Forget(Name);
        }
    }

    private static string Describe(string? state, string? type) =>
        $"--{EtcdManifestText.StateFlag}={state ?? "(absent: new)"}, hostPath type {type ?? "(absent)"}";

    private static IEnumerable<KeyValuePair<string, string?>> Before(EtcdManifestText manifest)
    {
        if (manifest.State != Existing)
        {
            yield return new(EtcdManifestText.StateFlag, manifest.State);
        }

        if (manifest.VolumeType != Directory)
        {
            yield return new(VolumeType, manifest.VolumeType);
        }
    }

    private (NodeText File, EtcdManifestText Manifest) Read()
    {
        var file = machine.TryRead(manifestPath)
            ?? throw new SalvorException(ErrorCode.NotFound, $"There is no {machine.PathOf(manifestPath)}.")
            {
                Hint = "Run this on the control-plane machine, or name etcd's static-pod manifest with --manifest.",
            };
        return (file, EtcdManifestText.Parse(file.Path, file.Text));
    }

    /// <summary>Undoing gives back what protect changed, where nobody has changed it since.</summary>
    private (string? State, string? VolumeType) Wanted(ProtectionAim aim, EtcdManifestText manifest)
    {
        if (aim == ProtectionAim.Protect)
        {
            return (Existing, Directory);
        }

        var before = record.Of(Name);
        return (
            manifest.State == Existing && before.TryGetValue(EtcdManifestText.StateFlag, out var state)
                ? state : manifest.State,
            manifest.VolumeType == Directory && before.TryGetValue(VolumeType, out var type)
                ? type : manifest.VolumeType);
    }

    /// <summary>etcd takes a member for new when it has no log: that is what the interlock forbids.</summary>
    private bool HasData()
    {
        var manifest = EtcdManifest.Load(machine.FileSystem, machine.PathOf(manifestPath));
        var log = machine.PathOf(manifest.WalDirectory ?? Path.Combine(manifest.DataDirectory, "member", "wal"));
        return machine.FileSystem.Stat(log) is { IsDirectory: true }
            && machine.FileSystem.List(log).Any(name => name.EndsWith(".wal", StringComparison.Ordinal));
    }
}
