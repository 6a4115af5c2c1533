using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Ladder;
using Salvor.Recovery.Outside;
using Salvor.Recovery.Shared;
using Salvor.Tests.Support;

namespace Salvor.Tests.Recovery.Outside;

/// <summary>Whole guards, several at once, against a cloud and a store in memory, in simulated time.</summary>
[Collection(SimulatedWorldGroup.Name)]
public sealed class GuardTests
{
    private const string Reboots = "arn:aws:automate:eu-central-1:ec2:reboot";

    [Fact]
    public void A_stopped_machine_is_started_once_by_one_of_two_guards() => GuardScene.Play(async scene =>
    {
        var (a, b) = (scene.Start("guard-a"), scene.Start("guard-b"));
        await scene.PassAsync(5);
        Assert.True(a.HasLed ^ b.HasLed);
        scene.SwitchOff();
        await scene.PassAsync(5);
        Assert.Equal(["start"], scene.Cloud.Orders);
        Assert.True(a.Entries.Count == 0 ^ b.Entries.Count == 0);
    });

    [Fact]
    public void A_hung_machine_is_rebooted_with_its_alarms_silenced_meanwhile() => GuardScene.Play(async scene =>
    {
        scene.Cloud.Alarms["salvor-prod-reboot"] = OutsideCloud.Alarm("salvor-prod-reboot", Reboots);
        scene.AgentBeats = true;
        scene.Start("guard-a");
        await scene.PassAsync(5);
        scene.Hang();
        await scene.PassAsync(2);
        Assert.Empty(scene.Cloud.Orders);
        await scene.PassAsync(3);
        Assert.Equal(["disable salvor-prod-reboot", "reboot", "enable salvor-prod-reboot"], scene.Cloud.Orders);
    });

    [Fact]
    public void Another_guard_that_sees_it_ready_keeps_this_one_from_harm() => GuardScene.Play(async scene =>
    {
        var a = scene.Start("guard-a");
        var b = scene.Start("guard-b", RecoveryMode.Advise);
        await scene.PassAsync(5);
        scene.Hang();
        b.Endpoint = () => new EndpointSight(Truth.Yes, Truth.Yes, "");
        await scene.PassAsync(20);
        Assert.Empty(scene.Cloud.Orders);

        // It is taken down: silent for long, it counts as one that is not there.
        await b.EndAsync();
        await scene.PassAsync(10);
        Assert.Contains("reboot", scene.Cloud.Orders);
        Assert.True(a.HasLed);
    });

    [Fact]
    public void The_next_guard_goes_on_where_a_dead_one_stopped() => GuardScene.Play(async scene =>
    {
        scene.Cloud.Alarms["salvor-prod-reboot"] = OutsideCloud.Alarm("salvor-prod-reboot", Reboots);
        var a = scene.Start("guard-a");
        await scene.PassAsync(5);
        var b = scene.Start("guard-b");
        await scene.PassAsync(5);
        Assert.True(a.HasLed && !b.HasLed);
        scene.Hang();
        var mends = scene.Cloud.Booted;
        scene.Cloud.Booted = () =>
        {
            a.Die(); // Its order was taken, and nobody hears of it.
            scene.Cloud.Booted = mends;
        };
        await scene.PassAsync(15);
        Assert.Equal(
            ["disable salvor-prod-reboot", "reboot", "reboot", "enable salvor-prod-reboot"], scene.Cloud.Orders);
        Assert.True(b.HasLed);
        Assert.Contains(b.Entries, entry => entry is { Kind: EntryKind.Closed, Result: StepResult.Done });
        Assert.DoesNotContain(b.Entries, entry => entry.Kind == EntryKind.Opened);
    });

    [Fact]
    public void A_guard_that_is_told_to_end_gives_the_lease_back_at_once() => GuardScene.Play(async scene =>
    {
        var a = scene.Start("guard-a");
        await scene.PassAsync(5);
        var b = scene.Start("guard-b");
        await scene.PassAsync(1);
        Assert.True(a.HasLed && !b.HasLed);
        await a.EndAsync();
        await scene.PassAsync(1);
        Assert.True(b.HasLed);
    });

    [Fact]
    public void A_guard_that_reaches_nobody_takes_itself_for_the_one_that_is_cut_off() => GuardScene.Play(async scene =>
    {
        scene.AgentBeats = true;
        var a = scene.Start("guard-a");
        await scene.PassAsync(5);
        (a.Store.IsAway, a.HasCloud) = (true, false);
        a.Endpoint = () => new EndpointSight(Truth.No, Truth.No, "no answer");
        scene.SwitchOff(); // It happens while nobody sees it.
        await scene.PassAsync(60);
        Assert.Empty(scene.Cloud.Orders);
        Assert.Contains(a.Said, text => text.Contains("it is this guard that is cut off", StringComparison.Ordinal));
        Assert.True(a.Looks > 200);

        (a.Store.IsAway, a.HasCloud) = (false, true);
        a.Endpoint = () => scene.IsReady
            ? new EndpointSight(Truth.Yes, Truth.Yes, "")
            : new EndpointSight(Truth.No, Truth.No, "no answer");
        await scene.PassAsync(10);
        Assert.Equal(["start"], scene.Cloud.Orders);
    });

    [Fact]
    public void A_leader_that_does_not_see_the_provider_lets_another_one_lead() => GuardScene.Play(async scene =>
    {
        var a = scene.Start("guard-a");
        await scene.PassAsync(5);
        var b = scene.Start("guard-b");
        a.HasCloud = false;
        await scene.PassAsync(5);
        Assert.True(b.HasLed);
        Assert.Contains(a.Said, text => text.Contains("it does not see the provider", StringComparison.Ordinal));
        scene.SwitchOff();
        await scene.PassAsync(5);
        Assert.Equal(["start"], scene.Cloud.Orders);
    });

    [Fact]
    public void A_leader_whose_store_swallows_everything_sees_that_it_leads_no_more() =>
        GuardScene.Play(async scene =>
        {
            var a = scene.Start("guard-a");
            await scene.PassAsync(5);
            Assert.True(a.HasLed);

            a.Store.Swallows = true;
            await scene.PassAsync(3);

            Assert.Contains("does not lead any more: it lost the lease", a.Said);
        });

    [Fact]
    public void Without_the_store_nothing_is_ordered_however_clear_it_is() => GuardScene.Play(async scene =>
    {
        var a = scene.Start("guard-a");
        await scene.PassAsync(5);
        a.Store.IsAway = true;
        scene.SwitchOff();
        await scene.PassAsync(30);
        Assert.Empty(scene.Cloud.Orders);
    });

    [Fact]
    public void One_that_advises_says_what_it_would_do_and_never_takes_the_lease() => GuardScene.Play(async scene =>
    {
        var a = scene.Start("guard-a", RecoveryMode.Advise);
        await scene.PassAsync(5);
        scene.SwitchOff();
        await scene.PassAsync(5);
        Assert.Empty(scene.Cloud.Orders);
        var advice = Assert.Single(a.Entries);
        Assert.Equal((EntryKind.Advice, Rung.StartMachine), (advice.Kind, advice.Rung));
        Assert.DoesNotContain("recovery/lease", scene.Store.Names);
    });

    [Fact]
    public void A_pause_is_heeded_for_as_long_as_it_lasts() => GuardScene.Play(async scene =>
    {
        var ct = TestContext.Current.CancellationToken;
        var a = scene.Start("guard-a");
        await scene.PassAsync(5);
        await scene.Notices.PutAsync(PauseOf(scene, TimeSpan.FromMinutes(30)), ct);
        await scene.PassAsync(1);
        scene.SwitchOff();
        await scene.PassAsync(20);
        Assert.Empty(scene.Cloud.Orders);
        Assert.Contains(a.Said, text => text.Contains("ann says: a new kernel", StringComparison.Ordinal));
        await scene.PassAsync(15);
        Assert.Equal(["start"], scene.Cloud.Orders);
    });

    [Fact]
    public void A_pause_that_is_ended_is_over_at_once() => GuardScene.Play(async scene =>
    {
        var ct = TestContext.Current.CancellationToken;
        scene.Start("guard-a");
        await scene.PassAsync(5);
        await scene.Notices.PutAsync(PauseOf(scene, TimeSpan.FromMinutes(30)), ct);
        await scene.PassAsync(1);
        scene.SwitchOff();
        await scene.PassAsync(5);
        Assert.Empty(scene.Cloud.Orders);
        await scene.Notices.PutAsync(PauseNotice.End(scene.Time.GetUtcNow(), "ann"), ct);
        await scene.PassAsync(5);
        Assert.Equal(["start"], scene.Cloud.Orders);
    });

    [Fact]
    public void What_is_approved_is_done_once_by_whoever_leads() => GuardScene.Play(async scene =>
    {
        var ct = TestContext.Current.CancellationToken;
        var a = scene.Start("guard-a", RecoveryMode.Approve);
        scene.Start("guard-b", RecoveryMode.Approve);
        await scene.PassAsync(5);
        scene.SwitchOff();
        await scene.PassAsync(5);
        Assert.Empty(scene.Cloud.Orders);
        await scene.Notices.PutAsync(ApprovalOf(scene, CauseId.MachineStopped, Rung.StartMachine), ct);
        await scene.PassAsync(5);
        Assert.Equal(["start"], scene.Cloud.Orders);

        // Off again, with another one in the lead: the word is used up, and asked for anew.
        await a.EndAsync();
        scene.SwitchOff();
        await scene.PassAsync(10);
        Assert.Equal(["start"], scene.Cloud.Orders);
    });

    [Fact]
    public void An_approval_that_is_old_counts_for_nothing() => GuardScene.Play(async scene =>
    {
        var ct = TestContext.Current.CancellationToken;
        var approval = ApprovalOf(scene, CauseId.MachineStopped, Rung.StartMachine);
        scene.Start("guard-a", RecoveryMode.Approve);
        await scene.PassAsync(15);
        scene.SwitchOff();
        await scene.Notices.PutAsync(approval, ct);
        await scene.PassAsync(5);
        Assert.Empty(scene.Cloud.Orders);
    });

    [Fact]
    public void A_cluster_that_lives_and_is_cut_off_from_here_is_only_told_of() => GuardScene.Play(async scene =>
    {
        scene.AgentBeats = true;
        var a = scene.Start("guard-a");
        await scene.PassAsync(5);
        scene.IsReady = false;
        await scene.PassAsync(60);
        Assert.Empty(scene.Cloud.Orders);
        var page = Assert.Single(a.Entries);
        Assert.Equal((EntryKind.Page, CauseId.CutOff), (page.Kind, page.Cause));
    });

    [Fact]
    public void A_machine_that_is_stopped_again_and_again_is_started_only_as_often_as_its_budget_says() =>
        GuardScene.Play(async scene =>
        {
            scene.Start("guard-a");
            await scene.PassAsync(5);
            for (var i = 0; i < 12; i++)
            {
                scene.SwitchOff();
                await scene.PassAsync(4.5);
            }

            Assert.Equal(["start", "start", "start"], scene.Cloud.Orders);
        });

    private static PauseNotice PauseOf(GuardScene scene, TimeSpan length) => new()
    {
        Until = scene.Time.GetUtcNow() + length,
        Written = scene.Time.GetUtcNow(),
        Who = "ann",
        Why = "a new kernel",
    };

    private static Approval ApprovalOf(GuardScene scene, CauseId cause, Rung rung) =>
        new() { Cause = cause, Rung = rung, Who = "ann", Written = scene.Time.GetUtcNow() };
}
