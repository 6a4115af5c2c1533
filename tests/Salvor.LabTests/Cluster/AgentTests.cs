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

    /// <summary>Each fault, with the cause that the agent must name: it sees the machine, never the fault.</summary>
    private static readonly (string Fault, string Cause)[] Faults =
    [
        ("kubelet-disable", "KubeletStopped"),
        ("data-deleted-while-off", "DataLost"),
        ("data-deleted", "DataLost"),
        ("wal-corrupt", "DataDamaged"),
        ("db-corrupt", "DataDamaged"),
        ("kubelet-hang", "KubeletHung"),
        ("apiserver-freeze", "ApiServerHung"),
        ("containerd-stop", "RuntimeDown"),
        ("apiserver-no-manifest", "ApiServerManifestMissing"),
        ("etcd-nospace", "EtcdNoSpace"),
        ("certificates-expired", "CertificateExpired"),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Two of them in every run, and each of them in a full one, which takes an hour.</summary>
    [Fact]
    public async Task What_breaks_on_the_machine_is_mended_by_its_agent()
    {
        await BeginAsync();
        foreach (var (fault, cause) in Faults.Take(2))
        {
            await MendAsync(fault, cause);
        }

        foreach (var (fault, cause) in TestLevel.IsFull ? Faults.Skip(2) : [])
        {
            await BeginAsync();
            await MendAsync(fault, cause);
        }
    }

    private async Task BeginAsync()
    {
        await fixture.FreshAsync();
        await fixture.BackUpAsync();
        await fixture.ProtectAsync("--yes --agent automatic");
        await fixture.ApiReadyAsync(Patience);
        await Wait.UntilAsync(
            "an agent that streams", LogHasAsync("stream: follows etcd"), Patience, Cancel);
        // The agent remembers what works only after it has worked for a while.
        await Wait.UntilAsync("a remembered manifest", async token => (await fixture.Control.TryShellAsync(
            "ls /var/lib/salvor/manifests/*apiserver* >/dev/null", token)).Succeeded, Patience, Cancel);
    }

    private async Task MendAsync(string fault, string cause)
    {
        var pods = await fixture.WorkloadAsync();
        Assert.Equal(2, pods.Split('\n').Length);
        var start = fixture.Lab.Cloud.Region.Time.Now;
        var ended = await CountAsync("has ended, Done");
        await FaultTable.Find(fault).Inject(fixture.Lab, Cancel);
        await Wait.UntilAsync($"a recovery of {fault} by {cause}", async token =>
            await CountAsync("has ended, Done") > ended
            && await LogHasAsync($"recovery: {cause}: ")(token), Patience, Cancel);
        await fixture.ApiReadyAsync(Patience);
        await fixture.Cluster.ReadyAsync(start, Cancel);
        ClusterFixture.Say($"{fault}: mended by {cause} in "
            + ClusterFixture.Seconds(fixture.Lab.Cloud.Region.Time.Now - start));
        Assert.Equal(pods, await fixture.WorkloadAsync());
    }

    private async Task<int> CountAsync(string text)
    {
        var log = await fixture.Control.ShellAsync(
            $"journalctl -u salvor-agent --no-pager -o cat | grep -cF '{text}' || true", Cancel);
        return int.Parse(log.Trim(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private Func<CancellationToken, Task<bool>> LogHasAsync(string text) => async token =>
        (await fixture.Control.TryShellAsync(
            $"journalctl -u salvor-agent --no-pager -o cat | grep -qF '{text}'", token)).Succeeded;
}
