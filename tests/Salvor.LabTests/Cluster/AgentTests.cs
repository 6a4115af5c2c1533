using System.Globalization;
using System.Text.Json;
using Salvor.Lab;
using Salvor.Lab.Faults;

namespace Salvor.LabTests.Cluster;

/// <summary>
/// A control plane with an agent mends itself, from healthy to healthy, and no pod of the worker notices.
/// </summary>
[Collection(ClusterGroup.Name)]
public sealed class AgentTests(ClusterFixture fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    /// <summary>
    /// Each fault, with the cause that the agent must name: it sees the machine, never the fault. Data is put in place
    /// twice a day at most: each group has a cluster of its own. A cause that comes back at once was not mended, and
    /// waits for its cool-down: two of a cause stand apart. The first group is of every run.
    /// </summary>
    private static readonly (string Faults, string Cause)[][] Groups =
    [
        [("kubelet-disable", "KubeletStopped"), ("data-deleted-while-off", "DataLost")],
        [
            ("data-deleted-while-off+kubelet-disable", "DataLost"), ("kubelet-hang", "KubeletHung"),
            ("apiserver-freeze", "ApiServerHung"), ("containerd-stop", "RuntimeDown"),
            ("apiserver-no-manifest", "ApiServerManifestMissing"), ("data-deleted", "DataLost"),
        ],
        [
            ("wal-corrupt", "DataDamaged"), ("certificates-expired", "CertificateExpired"),
            ("etcd-nospace", "EtcdNoSpace"), ("db-corrupt", "DataDamaged"),
        ],
        [
            ("apiserver-kill", LeftAlone), ("kubelet-kill", LeftAlone), ("store-partition", LeftAlone),
            ("disk-full", "DiskFull"), ("apiserver-bad-flag", "BadManifest"), ("machine-off", LeftAlone),
        ],
    ];

    /// <summary>In place of a cause: what mends itself, or does no harm, is nothing to act on.</summary>
    private const string LeftAlone = "-";

    /// <summary>How long what is not over by itself goes on.</summary>
    private static readonly TimeSpan Outage = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_breaks_on_the_machine_is_mended_by_its_agent()
    {
        var recoveries = new Recoveries();
        foreach (var group in TestLevel.IsFull ? Groups : Groups[..1])
        {
            await BeginAsync();
            foreach (var (faults, cause) in group)
            {
                recoveries.Add(faults, cause == LeftAlone ? await EndureAsync(faults) : await MendAsync(faults, cause));
            }
        }

        await recoveries.WriteAsync([.. Groups.SelectMany(group => group).Select(one => one.Faults)]);
    }

    private async Task BeginAsync()
    {
        await fixture.FreshAsync();
        await fixture.BackUpAsync();
        await fixture.ProtectAsync("--yes --agent automatic");
        await fixture.ApiReadyAsync(Patience);
        await Wait.UntilAsync(
            "an agent that streams", LogHasAsync("stream: follows etcd"), Patience, Cancel);
        // No time service runs in the lab: it vouches for its clock itself, as systemd-timesyncd does.
        await fixture.Control.ShellAsync(
            "mkdir -p /run/systemd/timesync && touch /run/systemd/timesync/synchronized", Cancel);
        // The agent remembers what works only after it has worked for a while.
        await Wait.UntilAsync("a remembered manifest", async token => (await fixture.Control.TryShellAsync(
            "ls /var/lib/salvor/manifests/*apiserver* >/dev/null", token)).Succeeded, Patience, Cancel);
    }

    private async Task<RecoveryRow> MendAsync(string faults, string cause)
    {
        var pods = await fixture.WorkloadAsync();
        Assert.Equal(2, pods.Split('\n').Length);
        var revision = await RevisionAsync();
        var (start, wall) = (fixture.Lab.Cloud.Region.Time.Now, await NowAsync());
        foreach (var fault in faults.Split('+'))
        {
            await FaultTable.Find(fault).Inject(fixture.Lab, Cancel);
        }

        await AgeAsync(faults);
        try
        {
            await Wait.UntilAsync($"a recovery of {faults} by {cause}", async token =>
            {
                var entries = await EntriesAsync(wall, token);
                return entries.Any(entry => entry.Cause == cause) && entries[^1].Kind == "Closed";
            }, Patience, Cancel);
        }
        catch (LabException e)
        {
            // The machine is gone when somebody reads this.
            throw new LabException($"{e.Message}\n{await fixture.Control.ShellAsync(
                "journalctl -u salvor-agent --no-pager -o short-precise | tail -n 60", Cancel)}");
        }

        await fixture.ApiReadyAsync(Patience);
        var apiReady = fixture.Lab.Cloud.Region.Time.Now - start;
        await fixture.Cluster.ReadyAsync(start, Cancel);
        var nodesReady = fixture.Lab.Cloud.Region.Time.Now - start;
        var entries = await EntriesAsync(wall, Cancel);
        ClusterFixture.Say($"{faults}: mended by {cause} in {ClusterFixture.Seconds(nodesReady)}");
        Assert.Equal(pods, await fixture.WorkloadAsync());
        await HealAsync(faults);
        Assert.All(entries.Where(entry => entry.Kind == "Closed"), entry => Assert.Equal("Done", entry.Result));
        var opened = entries.Where(entry => entry.Kind == "Opened").ToList();
        var putInPlace = entries.LastOrDefault(entry => entry is { Kind: "Outcome", Step: "PutDataInPlace" })?.Revision;
        return new RecoveryRow(
            string.Join(", ", opened.Select(entry => entry.Cause).Distinct()),
            string.Join(", ", opened.Select(entry => entry.Rung)), await DetectedAsync(opened[0].Cause, wall),
            opened[0].At - wall, entries[^1].At - wall, apiReady, nodesReady,
            putInPlace is { } placed ? Math.Max(0, revision - placed) : null);
    }

    /// <summary>A fault that others mend, or nobody has to: the agent opens no plan.</summary>
    private async Task<RecoveryRow> EndureAsync(string faults)
    {
        var fault = FaultTable.Find(faults);
        var (pods, wall) = (await fixture.WorkloadAsync(), await NowAsync());
        var start = fixture.Lab.Cloud.Region.Time.Now;
        await fault.Inject(fixture.Lab, Cancel);
        if (faults is "store-partition" or "machine-off")
        {
            // It is not over by itself. Somebody ends it, and time counts from there.
            await Task.Delay(Outage, Cancel);
            start = fixture.Lab.Cloud.Region.Time.Now;
            await fault.Heal(fixture.Lab, Cancel);
        }

        await fixture.ApiReadyAsync(Patience);
        var apiReady = fixture.Lab.Cloud.Region.Time.Now - start;
        await fixture.Cluster.ReadyAsync(start, Cancel);
        var nodesReady = fixture.Lab.Cloud.Region.Time.Now - start;
        ClusterFixture.Say($"{faults}: left alone, API ready after {ClusterFixture.Seconds(apiReady)}, "
            + $"both nodes after {ClusterFixture.Seconds(nodesReady)}");
        Assert.Equal(pods, await fixture.WorkloadAsync());
        Assert.Empty(await EntriesAsync(wall, Cancel));
        return new RecoveryRow(
            LeftAlone, LeftAlone, Detected: null, Decided: null, Ended: null, apiReady, nodesReady, Lost: null);
    }

    /// <summary>What was changed in the last quarter of an hour is somebody's work: a fault of today is not.</summary>
    private async Task AgeAsync(string faults)
    {
        if (faults == "apiserver-bad-flag")
        {
            await fixture.Control.ShellAsync(
                "touch --date='-20 minutes' /etc/kubernetes/manifests/kube-apiserver.yaml", Cancel);
        }
    }

    /// <summary>Takes away what the agent may not: somebody's file that fills the disk.</summary>
    private async Task HealAsync(string faults)
    {
        if (faults == "disk-full")
        {
            await FaultTable.Find(faults).Heal(fixture.Lab, Cancel);
        }
    }

    /// <summary>The machine's clock, by which the agent's entries are.</summary>
    private async Task<DateTimeOffset> NowAsync() => DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(double.Parse(
        (await fixture.Control.ShellAsync("date +%s.%N", Cancel)).Trim(), CultureInfo.InvariantCulture));

    private async Task<long> RevisionAsync()
    {
        var status = await fixture.SalvorAsync("status --output json");
        Assert.True(status.Succeeded, status.Error);
        using var json = JsonDocument.Parse(status.Output);
        return json.RootElement.GetProperty("etcdRevision").GetInt64();
    }

    private async Task<IReadOnlyList<AgentEntry>> EntriesAsync(DateTimeOffset since, CancellationToken ct)
    {
        var lines = await fixture.Control.ShellAsync("cat /var/lib/salvor/journal/recovery.jsonl || true", ct);
        return
        [
            .. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(AgentEntry.Parse)
                .Where(entry => entry.At >= since && entry.Kind is not ("Page" or "Advice")),
        ];
    }

    /// <summary>When the agent's log first told of a cause; null where it did not.</summary>
    private async Task<TimeSpan?> DetectedAsync(string cause, DateTimeOffset since)
    {
        var log = await fixture.Control.ShellAsync(
            $"journalctl -u salvor-agent --no-pager -o short-unix --since=@{since.ToUnixTimeSeconds()} "
            + $"| grep -F 'look: {cause}: ' | cut -d' ' -f1 || true", Cancel);
        var times = log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
            DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(double.Parse(line, CultureInfo.InvariantCulture)) - since);
        return times.Where(time => time >= TimeSpan.Zero).Cast<TimeSpan?>().FirstOrDefault();
    }

    private Func<CancellationToken, Task<bool>> LogHasAsync(string text) => async token =>
        (await fixture.Control.TryShellAsync(
            $"journalctl -u salvor-agent --no-pager -o cat | grep -qF '{text}'", token)).Succeeded;
}
