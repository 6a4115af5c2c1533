using System.Collections.Immutable;
using Salvor.DataDirectory;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.Node;
using Salvor.Node.Identity;
using Salvor.Repository;

namespace Salvor.Recovery.Gate;

/// <summary>Collects the facts of a decision, each within its limit of time. Changes nothing.</summary>
/// <param name="machine">Whose facts.</param>
/// <param name="repository">Null where none is configured, or its configuration can't be read.</param>
/// <param name="isRepositoryUnknown">Whether there may be one that the configuration fails to name.</param>
/// <param name="limits">How long what may take.</param>
internal sealed class GateLook(
    GateMachine machine, IGateRepository? repository, bool isRepositoryUnknown, GateLimits limits)
{
    private readonly List<string> _notes = [];

    /// <param name="held">Where the manifest may be.</param>
    /// <param name="glass">Whether it is broken.</param>
    /// <param name="start">When the gate began, by the machine's timestamps.</param>
    public async Task<GateSighting> LookAsync(HeldManifest held, GateSwitch glass, long start)
    {
        var place = held.Place;
        var manifest = place == ManifestPlace.Missing ? null : LoadManifest(held.CurrentPath);
        var isInScope = manifest is not null && IsOnlyMember(manifest);
        var facts = new GateFacts
        {
            Manifest = place,
            IsInScope = isInScope,
            Etcd = EtcdPresence.Unknown,
            Data = DataState.Unseen,
            Mount = MountState.Unknown,
            Timeline = TimelineState.Unseen,
            IsStamped = false,
            Switch = glass,
        };
        if (manifest is null || !isInScope)
        {
            return new GateSighting { Facts = facts, Notes = [.. _notes] };
        }

        var layout = new MemberLayout(
            machine.PathOf(manifest.DataDirectory),
            manifest.WalDirectory is { } wal ? machine.PathOf(wal) : null);
        facts = facts with { Etcd = FindEtcd(manifest, layout) };
        var sighting = new GateSighting
        {
            Facts = facts,
            DataDirectory = layout.Root,
            Strays = StrayManifests.Find(machine.Files, held.Manifest),
        };
        return facts.Etcd == EtcdPresence.NotRunning
            ? await LookAtDataAsync(sighting, layout, start)
            : sighting with { Notes = [.. _notes] };
    }

    private async Task<GateSighting> LookAtDataAsync(GateSighting sighting, MemberLayout layout, long start)
    {
        var (stamp, isStamped) = ReadStamp();
        var asked = AskTimelineAsync(stamp, start);
        var mount = MountOf(layout.Root);
        var data = await GlanceAsync(layout, stamp, start);
        var (timeline, newest) = await asked;
        var isInDoubt = timeline == TimelineState.Newer || data.State == DataState.Foreign;
        if (isInDoubt && newest is { } last && await IsOursAsync(last, data, start))
        {
            // A restore put it here and was cut off before it wrote the stamp, or a timeline was begun for it since.
            timeline = TimelineState.Ours;
            data = data.State == DataState.Foreign ? data with { State = DataState.Good, Detail = null } : data;
            _notes.Add($"Timeline {last}, the newest, is this data's own, and the stamp is older: salvor protect "
                + "renews it.");
        }

        return sighting with
        {
            Facts = sighting.Facts with
            {
                Data = data.State,
                Mount = MountTable.Compare(mount, stamp?.Mount),
                Timeline = timeline,
                IsStamped = isStamped,
            },
            Data = data,
            Stamp = stamp,
            Mount = mount,
            Newest = newest,
            Notes = [.. _notes, .. data.Notes.Select(Sentence)],
        };
    }

    private EtcdManifest? LoadManifest(string path)
    {
        try
        {
            return EtcdManifest.Load(machine.Files, path);
        }
        catch (Exception e) when (e is SalvorException or CorruptDataException)
        {
            _notes.Add($"etcd's manifest can't be judged: {e.Message}");
            return null;
        }
    }

    /// <summary>A member that joins others begins with an empty directory, and that is right.</summary>
    private bool IsOnlyMember(EtcdManifest manifest)
    {
        var names = (manifest.InitialCluster ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=')[0].Trim()).Distinct(StringComparer.Ordinal).Count();
        if (names > 1)
        {
            _notes.Add($"etcd has {names} members here, and the gate is for control planes of a single node.");
        }

        return names <= 1;
    }

    private EtcdPresence FindEtcd(EtcdManifest manifest, MemberLayout layout)
    {
        try
        {
            var inContainer = manifest.Flags.GetValueOrDefault("data-dir") ?? manifest.DataDirectory;
            var sign = EtcdProcesses.Find(machine.Files, layout.Root, inContainer) is { } process
                ? $"etcd runs on {layout.Root} as process {process}."
                : FindLock(layout) is { } path ? $"A running process has {path} locked." : null;
            if (sign is null)
            {
                return EtcdPresence.NotRunning;
            }

            _notes.Add(sign);
            return EtcdPresence.Running;
        }
        catch (SalvorException e)
        {
            _notes.Add($"Whether an etcd runs can't be told: {e.Message}");
            return EtcdPresence.Unknown;
        }
    }

    /// <summary>A disk that can't be asked for locks is one whose data can't be read: the glance tells so.</summary>
    private string? FindLock(MemberLayout layout)
    {
        try
        {
            return LiveEtcd.FindLock(machine.Files, layout);
        }
        catch (SalvorException)
        {
            return null;
        }
    }

    /// <summary>A stamp that can't be read still tells that there was one.</summary>
    private (NodeIdentity? Stamp, bool IsStamped) ReadStamp()
    {
        try
        {
            var stamp = new NodeIdentityFile(machine.Files, machine.Root).TryRead();
            if (stamp is null)
            {
                _notes.Add("This machine has no stamp yet, which tells whose etcd it has: salvor protect writes it.");
            }

            return (stamp, stamp is not null);
        }
        catch (SalvorException e)
        {
            _notes.Add(e.Message);
            return (null, true);
        }
    }

    private MountIdentity? MountOf(string directory)
    {
        try
        {
            return MountTable.Read(machine.Files).Of(directory);
        }
        catch (SalvorException e)
        {
            _notes.Add(e.Message);
            return null;
        }
    }

    private async Task<DataSighting> GlanceAsync(MemberLayout layout, NodeIdentity? stamp, long start)
    {
        using var patience = new CancellationTokenSource(Left(limits.Log, start), machine.Time);
        var look = machine.Pool.Run(
            () => new DataLook(machine.Files).Look(layout, stamp, patience.Token), CancellationToken.None);
        try
        {
            return await look.WaitAsync(Left(limits.Data, start), machine.Time);
        }
        catch (TimeoutException)
        {
            return new DataSighting(DataState.Unreadable)
            {
                Detail = $"the disk of {layout.Root} did not answer within {limits.Data.TotalSeconds} s.",
            };
        }
    }

    private async Task<(TimelineState State, TimelineId? Newest)> AskTimelineAsync(NodeIdentity? stamp, long start)
    {
        if (repository is null)
        {
            return (isRepositoryUnknown ? TimelineState.Unreachable : TimelineState.NoRepository, null);
        }

        TimelineId? known = stamp?.Timeline is { } number ? new TimelineId(number) : null;
        var (isAnswered, newest) = await AskAsync(
            ct => repository.FindNewestAsync(known, ct), limits.Timeline, start);
        if (!isAnswered)
        {
            return (TimelineState.Unreachable, null);
        }

        if (newest is null && known is not null)
        {
            _notes.Add($"{repository.Location} lacks timeline {known}, of which this machine's etcd is.");
        }

        return ((newest, known) switch
        {
            (null, null) => TimelineState.Empty,
            (null, _) => TimelineState.Lost,
            (_, null) => TimelineState.Unknown,
            var (found, ours) => found.Value.Value > ours.Value.Value ? TimelineState.Newer : TimelineState.Ours,
        }, newest);
    }

    /// <summary>A timeline that was begun on this machine after the stamp was written is no other machine's.</summary>
    private async Task<bool> IsOursAsync(TimelineId newest, DataSighting data, long start)
    {
        if (data.ClusterId is null)
        {
            return false;
        }

        var (_, cluster) = await AskAsync(
            ct => repository!.FindClusterAsync(newest, ct), limits.Cluster, start);
        return cluster is not null && cluster.TrimStart('0') == data.ClusterId;
    }

    /// <summary>Asks the repository, and goes on without it when it takes too long, even to be told so.</summary>
    private async Task<(bool IsAnswered, T? Answer)> AskAsync<T>(
        Func<CancellationToken, Task<T>> ask, TimeSpan limit, long start)
    {
        using var patience = new CancellationTokenSource(Left(limit, start), machine.Time);
        try
        {
            // On a thread of its own: a store may block before its first await.
            var answer = await machine.Pool.Run(() => ask(patience.Token), patience.Token)
                .WaitAsync(Left(limit, start), machine.Time);
            return (true, await answer.WaitAsync(Left(limit, start), machine.Time));
        }
        catch (Exception e) when (e is SalvorException or CorruptDataException)
        {
            _notes.Add($"The repository did not tell which timeline is the newest: {e.Message}");
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            _notes.Add($"The repository {repository!.Location} did not answer within {limit.TotalSeconds} s.");
        }

        return (false, default);
    }

    private TimeSpan Left(TimeSpan limit, long start)
    {
        var left = limit - machine.Time.GetElapsedTime(start);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
