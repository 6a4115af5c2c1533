using Salvor.Errors;
using Salvor.Recovery.Driver;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Shared;
using Salvor.Repository;
using Salvor.Simulation.Recovery.Model;

namespace Salvor.Simulation.Recovery;

/// <summary>What an agent sees of its machine. Each probe fails at times, and then nothing is known by it.</summary>
internal sealed class AgentLookout(
    Region region, Machine machine, Process process, RepositoryTimelines timelines, Noise noise) : ILookout
{
    private TimeSpan _readAt = TimeSpan.MinValue;
    private int? _newest;
    private Truth _isReachable = Truth.Unknown;

    public async Task<Observations> LookAsync(CancellationToken ct)
    {
        await process.WaitAsync(TimeSpan.FromMilliseconds(50 + region.Random.Next(250)));
        await ReadTimelineAsync(ct);
        machine.Stamp = machine.OwnTimeline;
        // What was read is held against what is there now: the machine's own timeline may be newer than it was.
        return Storage(Pods(Host(Observations.None)))
            .With(Sign.NewerTimelineActive,
                _newest is null ? Truth.Unknown : _newest > machine.OwnTimeline ? Truth.Yes : Truth.No)
            .With(Sign.RepositoryReachable, _isReachable)
            .With(Sign.BackupVerified, _isReachable);
    }

    private Observations Host(Observations seen)
    {
        seen = See(seen, Sign.KubeletActive, machine.KubeletActive);
        seen = See(seen, Sign.KubeletHealthy, machine is { KubeletActive: true, KubeletHung: false, RuntimeUp: true });
        seen = See(seen, Sign.RuntimeResponds, machine.RuntimeUp);
        seen = See(seen, Sign.DiskFull, machine.DiskFull);
        seen = See(seen, Sign.InodesFull, machine.InodesFull);
        seen = See(seen, Sign.DiskStalls, machine.DiskStalls);
        seen = See(seen, Sign.ClockProven, !machine.ClockWrong);
        seen = See(seen, Sign.LeafExpired, machine.LeafExpired);
        seen = See(seen, Sign.CaExpired, machine.CaExpired);
        return See(seen, Sign.CaKeyPresent, isSo: true);
    }

    private Observations Pods(Observations seen)
    {
        var isLive = machine.IsServing;
        if (machine.RuntimeUp)
        {
            seen = See(seen, Sign.EtcdRuns, machine.EtcdRuns);
            seen = See(seen, Sign.ApiServerRuns, machine.ApiRuns);
            seen = See(seen, Sign.EtcdCrashLoops, machine is { EtcdRuns: false, EtcdManifest: true });
            seen = See(seen, Sign.ApiServerCrashLoops, machine.BadManifest || machine.Stray);
        }

        seen = See(seen, Sign.EtcdResponds, machine is { EtcdRuns: true, DiskStalls: false });
        seen = See(seen, Sign.ApiServerAccepts, machine.ApiRuns);
        seen = See(seen, Sign.ApiServerLive, isLive);
        seen = See(seen, Sign.ApiServerReady, isLive);
        seen = See(seen, Sign.EtcdManifestPresent, machine.EtcdManifest);
        seen = See(seen, Sign.EtcdManifestHeld, machine.EtcdHeld);
        seen = See(seen, Sign.ApiServerManifestPresent, machine.ApiManifest);
        seen = See(seen, Sign.ManifestDiffers, machine.BadManifest);
        seen = See(seen, Sign.ManifestIsSomebodysWork, isSo: false);
        seen = See(seen, Sign.StrayManifest, machine.Stray);
        seen = See(seen, Sign.KubeadmRuns, machine.KubeadmRuns);
        seen = See(seen, Sign.SandboxNameTaken, machine is { SandboxTaken: true, RuntimeUp: true });
        seen = machine.EtcdRuns ? See(seen, Sign.NoSpaceAlarm, machine.NoSpace) : seen;
        return machine.EtcdRuns ? See(seen, Sign.CorruptAlarm, machine.Corrupt) : seen;
    }

    private Observations Storage(Observations seen)
    {
        var isMounted = machine.IsMounted && machine.Volume is { Exists: true };
        var data = isMounted ? machine.Volume!.Data : VolumeData.Gone;
        seen = See(seen, Sign.VolumeMounted, isMounted);
        seen = See(seen, Sign.DataPresent, data != VolumeData.Gone);
        if (data != VolumeData.Gone)
        {
            seen = See(seen, Sign.DataOurs, data != VolumeData.Foreign);
            seen = See(seen, Sign.DataWhole, data is VolumeData.Whole or VolumeData.Foreign);
        }

        return seen;
    }

    /// <summary>The newest timeline is read now and then: it costs requests.</summary>
    private async Task ReadTimelineAsync(CancellationToken ct)
    {
        if (region.Now - TimeSpan.FromSeconds(15) < _readAt)
        {
            return;
        }

        _readAt = region.Now;
        try
        {
            var view = await timelines.ReadSinceAsync(new TimelineId(machine.OwnTimeline), ct);
            (_newest, _isReachable) = (view.Newest?.Value, Truth.Yes);
        }
        catch (SalvorException e) when (e.IsTransient)
        {
            (_newest, _isReachable) = (null, Truth.No);
        }
    }

    private Observations See(Observations seen, Sign sign, bool isSo) =>
        noise.Loses() ? seen : seen.With(sign, isSo);
}
