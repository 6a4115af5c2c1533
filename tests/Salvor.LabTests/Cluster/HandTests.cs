using Salvor.Lab;
using Salvor.Lab.Faults;

namespace Salvor.LabTests.Cluster;

/// <summary>What people tell an agent on a real cluster: that it rests, what it may do, and what it would do.</summary>
[Collection(ClusterGroup.Name)]
public sealed class HandTests(ClusterFixture fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_pauses_asks_approves_and_sees_what_was_done()
    {
        await fixture.FreshAsync();
        await fixture.BackUpAsync();
        await fixture.ProtectAsync("--yes --agent approve");
        await fixture.ApiReadyAsync(Patience);
        await Wait.UntilAsync("an agent that streams", LogHasAsync("stream: follows etcd"), Patience, Cancel);
        Assert.Contains("All is well", await SalvorAsync("plan"));

        await SalvorAsync("pause --for 30m --reason 'a new kernel'");
        await Wait.UntilAsync("an agent that rests", LogHasAsync("says: a new kernel"), Patience, Cancel);
        Assert.Contains("a new kernel", await SalvorAsync("status"));
        await SalvorAsync("resume");
        await Wait.UntilAsync("an agent that goes on", LogHasAsync("goes on: the pause is over"), Patience, Cancel);

        await FaultTable.Find("data-deleted-while-off").Inject(fixture.Lab, Cancel);
        await Wait.UntilAsync(
            "a question", LogHasAsync("waits for approval: salvor recover --cause DataLost --rung RecoverData"),
            Patience, Cancel);
        var plan = await SalvorAsync("plan");
        Assert.Contains("now: salvor recover --cause DataLost --rung RecoverData", plan);
        Assert.Contains("the repository leads to revision", plan);

        var done = await SalvorAsync("recover --cause DataLost --rung RecoverData --yes");
        Assert.Contains("DataLost: RecoverData has ended, Done", done);
        await fixture.ApiReadyAsync(Patience);

        // The word is used up: one plan, whatever came after.
        var opened = await fixture.Control.ShellAsync(
            "grep -c '\"kind\":\"Opened\"' /var/lib/salvor/journal/recovery.jsonl", Cancel);
        Assert.Equal("1", opened.Trim());
        await MendWithoutAgentAsync();
    }

    /// <summary>Without an agent the command does it itself.</summary>
    private async Task MendWithoutAgentAsync()
    {
        await fixture.Control.ShellAsync("systemctl stop salvor-agent", Cancel);
        await FaultTable.Find("kubelet-disable").Inject(fixture.Lab, Cancel);
        Assert.Contains("now: salvor recover --cause KubeletStopped --rung StartKubelet", await SalvorAsync("plan"));

        var done = await SalvorAsync("recover --cause KubeletStopped --rung StartKubelet");

        Assert.Contains("KubeletStopped: StartKubelet has ended, Done", done);
        Assert.Equal("active", (await fixture.Control.ShellAsync("systemctl is-active kubelet", Cancel)).Trim());
        Assert.Contains("is nothing that helps", (await fixture.Control.TryShellAsync(
            "salvor recover --cause KubeletStopped --rung RecoverData 2>&1", Cancel)).Output);
    }

    private async Task<string> SalvorAsync(string arguments)
    {
        var result = await fixture.SalvorAsync(arguments);
        Assert.True(result.Succeeded, $"salvor {arguments}:\n{result.Output}\n{result.Error}");
        return result.Output + result.Error;
    }

    private Func<CancellationToken, Task<bool>> LogHasAsync(string text) => async token =>
        (await fixture.Control.TryShellAsync(
            $"journalctl -u salvor-agent --no-pager -o cat | grep -qF \"{text}\"", token)).Succeeded;
}
