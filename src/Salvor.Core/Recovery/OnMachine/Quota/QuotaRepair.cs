using System.Globalization;
using Salvor.Errors;
using Salvor.EtcdClient;
using Salvor.Platform;
using Salvor.Recovery.Engine;

namespace Salvor.Recovery.OnMachine.Quota;

/// <summary>Gives an etcd that has reached its quota room again: compacts, defragments, disarms.</summary>
/// <remarks>
/// To be done after a backup: what is compacted is gone. Each piece is etcd's own, whole or not at all, and a run that
/// was cut off is simply done again. A large database is defragmented with kubelet stopped, since the member answers
/// nobody meanwhile and its liveness probe would end it half-way. Should this process end just then, a stopped kubelet
/// is a cause of its own, and is started.
/// </remarks>
/// <param name="etcd">One member, asked alone. Its long calls should have ten minutes.</param>
/// <param name="databaseDirectory">Where its database is: it is written anew beside the old one.</param>
/// <param name="quotaBytes">By the flag <c>--quota-backend-bytes</c>, for an etcd that does not say; 0 without.</param>
/// <param name="files">For the space that is left.</param>
/// <param name="processes">For kubelet.</param>
/// <param name="time">The clock.</param>
public sealed class QuotaRepair(
    EtcdConnection etcd, string databaseDirectory, long quotaBytes, IFileSystem files, IProcessRunner processes,
    TimeProvider time)
{
    private static readonly TimeSpan CommitLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan CommitPause = TimeSpan.FromMilliseconds(200);

    private const long SpareBytes = 64L << 20;

    /// <summary>etcd's own, where nothing is set.</summary>
    private const long QuotaBytesDefault = 2L << 30;

    private static readonly TimeSpan KubeletLimit = TimeSpan.FromSeconds(90);

    /// <summary>
    /// Up to this size kubelet goes on: its probe bears some 80 s of silence, and this much takes a fraction of that.
    /// </summary>
    internal long QuickBytesMax { get; init; } = 1L << 30;

    public async Task<StepReport> CompactAndDisarmAsync(CancellationToken ct)
    {
        var alarms = await etcd.Maintenance.ListAlarmsAsync(ct);
        if (alarms.Any(alarm => alarm.Kind == EtcdAlarmKind.Corrupt))
        {
            return StepReport.Refused("etcd says that its data is corrupt: it is kept as it is.");
        }

        if (alarms.All(alarm => alarm.Kind != EtcdAlarmKind.NoSpace))
        {
            return StepReport.Done("There is no NOSPACE alarm any more.");
        }

        if (await etcd.Members.ListAsync(isLinearizable: false, ct) is { Count: > 1 } members)
        {
            return StepReport.Refused($"This etcd has {members.Count} members: defragment one after another by hand.");
        }

        var before = await etcd.Maintenance.StatusAsync(ct);
        await CompactAsync(before.Revision, ct);
        var quota = await QuotaAsync(ct);
        var status = await CompactedStatusAsync(quota - (quota / 20), ct);
        if (CountsFreed(status) && status.DatabaseInUseBytes > quota - (quota / 20))
        {
            return FullOfKeys(status.DatabaseInUseBytes, quota);
        }

        if (await DefragmentAsync(status, ct) is { } failed)
        {
            return failed;
        }

        return await DisarmAsync(before.DatabaseBytes, quota, ct);
    }

    /// <summary>What a compaction has freed counts only from etcd's next commit on, a moment later.</summary>
    private async Task<MemberStatus> CompactedStatusAsync(long wantedMax, CancellationToken ct)
    {
        var start = time.GetTimestamp();
        var status = await etcd.Maintenance.StatusAsync(ct);
        while (CountsFreed(status) && status.DatabaseInUseBytes > wantedMax && time.GetElapsedTime(start) < CommitLimit)
        {
            await Task.Delay(CommitPause, time, ct);
            status = await etcd.Maintenance.StatusAsync(ct);
        }

        return status;
    }

    /// <summary>etcd 3.4 counts what it has freed only with its second next write, and takes none now.</summary>
    private static bool CountsFreed(MemberStatus status) =>
        !Version.TryParse(status.Version, out var version) || version >= new Version(3, 5);

    private static StepReport FullOfKeys(long bytes, long quota) => StepReport.Refused(
        $"What is not history fills the quota: {Mib(bytes)} of {Mib(quota)}. See what it is with salvor inspect, "
        + "delete it, or raise --quota-backend-bytes.");

    private static string Mib(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes >> 20} MiB");

    private async Task CompactAsync(long revision, CancellationToken ct)
    {
        try
        {
            await etcd.Keys.CompactAsync(revision, waitsUntilDone: true, ct);
        }
        catch (SalvorException e) when (e.Message.Contains("has been compacted", StringComparison.Ordinal))
        {
            // By an earlier run, or by the apiserver: as it should be.
        }
    }

    private async Task<long> QuotaAsync(CancellationToken ct)
    {
        var said = (long)((await etcd.ReadGaugesAsync(ct))?.QuotaBytes ?? 0);
        return said > 0 ? said : quotaBytes > 0 ? quotaBytes : QuotaBytesDefault;
    }

    /// <returns>Why not; null when it is done.</returns>
    private async Task<StepReport?> DefragmentAsync(MemberStatus status, CancellationToken ct)
    {
        var wanted = status.DatabaseInUseBytes + (status.DatabaseInUseBytes / 5) + SpareBytes;
        var free = files.Space(databaseDirectory).FreeBytes;
        if (free < wanted)
        {
            return StepReport.Failed($"etcd was compacted, and can't be defragmented: that takes {Mib(wanted)} in "
                + $"{databaseDirectory}, where {Mib(free)} are left. Make room there.");
        }

        if (status.DatabaseInUseBytes <= QuickBytesMax)
        {
            await etcd.Maintenance.DefragmentAsync(ct);
            return null;
        }

        if (await KubeletAsync("stop", ct) is { } fault)
        {
            _ = await KubeletAsync("start", CancellationToken.None);
            return StepReport.Failed($"etcd was compacted, and not defragmented: its probe would end it. {fault}");
        }

        try
        {
            await etcd.Maintenance.DefragmentAsync(ct);
        }
        finally
        {
            // Whatever came of it, and whoever gave up waiting: no node is left without its kubelet.
            fault = await KubeletAsync("start", CancellationToken.None);
        }

        return fault is null ? null : StepReport.Failed($"etcd was defragmented. {fault}");
    }

    private async Task<string?> KubeletAsync(string verb, CancellationToken ct)
    {
        try
        {
            return await processes.RunAsync("systemctl", [verb, "kubelet.service"], KubeletLimit, ct) switch
            {
                null => "There is no systemctl.",
                { ExitCode: 0 } => null,
                var failed => $"systemctl could not {verb} kubelet: {failed.Error.Trim()}",
            };
        }
        catch (SalvorException e)
        {
            return e.Message;
        }
    }

    /// <summary>Only with the room that an etcd without alarm needs: else it would be raised at once.</summary>
    private async Task<StepReport> DisarmAsync(long bytesBefore, long quota, CancellationToken ct)
    {
        var bytes = (await etcd.Maintenance.StatusAsync(ct)).DatabaseBytes;
        if (bytes > quota - (quota / 20))
        {
            return FullOfKeys(bytes, quota);
        }

        foreach (var alarm in await etcd.Maintenance.ListAlarmsAsync(ct))
        {
            if (alarm.Kind == EtcdAlarmKind.NoSpace)
            {
                await etcd.Maintenance.DisarmAsync(alarm, ct);
            }
        }

        var left = await etcd.Maintenance.ListAlarmsAsync(ct);
        return left.Any(alarm => alarm.Kind == EtcdAlarmKind.NoSpace)
            ? StepReport.Failed("etcd has raised its NOSPACE alarm again.")
            : StepReport.Done($"etcd takes writes again: its database went from {Mib(bytesBefore)} to {Mib(bytes)}, "
                + $"of a quota of {Mib(quota)}.");
    }
}
