using Salvor.DataDirectory;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.Node;
using Salvor.Node.Identity;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Gate;

namespace Salvor.Recovery.OnMachine.Looks;

/// <summary>Whether etcd's data is there, whole and this cluster's, by the gate's own glance.</summary>
/// <remarks>
/// A running etcd's files change under every reader, so of them only their presence is told. The glance at a stopped
/// one's is made anew only when something about the files has changed.
/// </remarks>
public sealed class DataLookout(AgentMachine machine, HeldManifest held) : IMachineLook
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private readonly NodeIdentityFile _stamp = new(machine.Files, "/");
    private (string Key, DataSighting Sighting)? _last;

    public Task<Observations> LookAsync(CancellationToken ct) => machine.Pool.Run(() => Look(ct), ct);

    private Observations Look(CancellationToken ct)
    {
        var place = held.Place;
        var seen = Observations.None.With(Sign.EtcdManifestHeld, place == ManifestPlace.Held, held.HeldPath);
        var stamp = _stamp.ReadOrNull();
        if (Layout(stamp) is not { } layout)
        {
            return seen;
        }

        seen = seen.And(Mount(layout, stamp));
        if (LiveEtcd.FindLock(machine.Files, layout) is not null)
        {
            return seen.With(Sign.DataPresent, true).With(Sign.DataOurs, true);
        }

        // An etcd whose files were deleted holds a lock that nobody finds by name.
        var isThere = machine.Files.Stat(layout.Wal) is not null || machine.Files.Stat(layout.Database) is not null;
        return seen.And(isThere
            ? Judge(Glance(layout, stamp, ct))
            : Observations.None.With(Sign.DataPresent, false, $"{layout.Root} has no member"));
    }

    /// <summary>Where the data is: as the manifest says, or when that can't be read, as it was last seen.</summary>
    private MemberLayout? Layout(NodeIdentity? stamp)
    {
        try
        {
            var manifest = EtcdManifest.Load(machine.Files, held.CurrentPath);
            return new MemberLayout(manifest.DataDirectory, manifest.WalDirectory)
                .WithoutNeedlessWalDirectory(machine.Files);
        }
        catch (Exception e) when (e is SalvorException or CorruptDataException)
        {
            return stamp is null ? null : new MemberLayout(stamp.DataDirectory);
        }
    }

    private Observations Mount(MemberLayout layout, NodeIdentity? stamp)
    {
        if (stamp?.Mount is not { } then)
        {
            return Observations.None.With(Sign.VolumeMounted, true, "no volume is known");
        }

        var now = MountTable.Read(machine.Files).Of(layout.Root);
        return now is null ? Observations.None
            : now.Point == then.Point ? Observations.None.With(Sign.VolumeMounted, true, now.Point)
            : Observations.None.With(
                Sign.VolumeMounted, now.Point.Length > then.Point.Length, $"{then.Point} is not mounted");
    }

    private DataSighting Glance(MemberLayout layout, NodeIdentity? stamp, CancellationToken ct)
    {
        var key = KeyOf(layout, stamp);
        if (_last is { } last && last.Key == key)
        {
            return last.Sighting;
        }

        using var clock = new CancellationTokenSource(Patience, machine.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, ct);
        var sighting = new DataLook(machine.Files).Look(layout, stamp, either.Token);
        _last = KeyOf(layout, stamp) == key ? (key, sighting) : null;
        return sighting;
    }

    private string KeyOf(MemberLayout layout, NodeIdentity? stamp)
    {
        string[] files =
        [
            layout.Database, layout.Snap, layout.Wal,
            .. machine.Files.Stat(layout.Wal) is { IsDirectory: true }
                ? machine.Files.List(layout.Wal).Select(name => Path.Combine(layout.Wal, name)) : [],
        ];
        return string.Join('|', files.Select(machine.Files.Stat)) + stamp?.ClusterId + stamp?.MemberId;
    }

    private static Observations Judge(DataSighting sighting)
    {
        var detail = sighting.Detail ?? "";
        return sighting.State switch
        {
            DataState.Good => Observations.None.With(Sign.DataPresent, true).With(Sign.DataWhole, true)
                .With(Sign.DataOurs, true),
            DataState.Foreign => Observations.None.With(Sign.DataPresent, true).With(Sign.DataWhole, true)
                .With(Sign.DataOurs, false, detail),
            DataState.Torn => Observations.None.With(Sign.DataPresent, true).With(Sign.DataWhole, false, detail)
                .With(Sign.DataOurs, true),
            DataState.Empty => Observations.None.With(Sign.DataPresent, false, detail),
            _ => Observations.None,
        };
    }
}
