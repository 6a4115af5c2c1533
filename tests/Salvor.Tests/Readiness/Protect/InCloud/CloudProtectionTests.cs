using Salvor.Cloud;
using Salvor.Readiness.Alarms;
using Salvor.Readiness.Protect;
using Salvor.Readiness.Protect.InCloud;

namespace Salvor.Tests.Readiness.Protect.InCloud;

public sealed class CloudProtectionTests
{
    private readonly MemoryCloud _cloud = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task First_run_changes_what_differs_and_the_second_orders_nothing()
    {
        var first = await RunAsync(withRecover: false);

        Assert.Equal(["put salvor-prod-reboot", "/dev/sdf kept"], _cloud.Orders);
        Assert.Equal(ProtectionOutcome.Changed, first["reboot-alarm"].Outcome);
        Assert.Equal(ProtectionState.NotApplicable, first["recover-alarm"].Look.State);

        _cloud.Orders.Clear();
        var second = await RunAsync(withRecover: false);

        Assert.Empty(_cloud.Orders);
        Assert.DoesNotContain(second.Values, result => result.IsDue);
        Assert.Equal(ProtectionState.InForce, second["volumes-kept"].Look.State);
    }

    [Fact]
    public async Task Recover_alarm_lets_the_reboot_wait_and_stays_when_it_is_not_asked_for_again()
    {
        await RunAsync(withRecover: false);
        _cloud.Orders.Clear();
        var asked = await RunAsync(withRecover: true);

        Assert.Equal(["put salvor-prod-reboot", "put salvor-prod-recover"], _cloud.Orders);
        Assert.Equal(
            "evaluationPeriods 2; datapointsToAlarm 2", asked["reboot-alarm"].Look.Found);
        Assert.Equal(3, _cloud.Alarms["salvor-prod-reboot"].EvaluationPeriods);

        _cloud.Orders.Clear();
        await RunAsync(withRecover: false);
        Assert.Empty(_cloud.Orders);
    }

    [Fact]
    public async Task Removing_deletes_our_own_alarms_and_nothing_else()
    {
        await RunAsync(withRecover: true);
        var foreign = _cloud.Alarms["salvor-prod-reboot"] with { Name = "salvor-prod-reboot-2" };
        _cloud.Alarms[foreign.Name] = foreign;
        _cloud.Orders.Clear();

        await RunAsync(withRecover: false, ProtectionAim.Remove);

        Assert.Equal(["delete salvor-prod-reboot", "delete salvor-prod-recover"], _cloud.Orders);
        Assert.Equal(foreign.Name, Assert.Single(_cloud.Alarms.Keys));
        Assert.False(_cloud.Machine.Disks[1].DeletesOnTermination);

        _cloud.Orders.Clear();
        var again = await RunAsync(withRecover: false, ProtectionAim.Remove);
        Assert.Empty(_cloud.Orders);
        Assert.DoesNotContain(again.Values, result => result.IsDue);
    }

    [Fact]
    public async Task Alarm_of_another_machine_is_shown_before_it_is_taken_over_and_is_not_deleted()
    {
        var other = WantedAlarms.For(
            new AlarmRequest("prod", new MachineId("i-other"), "eu-central-1", "aws", WithRecover: false))[0];
        _cloud.Alarms[other.Name] = other;

        var look = await LookAsync("reboot-alarm", ProtectionAim.Protect);
        Assert.Equal(ProtectionState.Differs, look.State);
        Assert.Contains("watches i-other", look.Note, StringComparison.Ordinal);

        var removal = await LookAsync("reboot-alarm", ProtectionAim.Remove);
        Assert.Equal(ProtectionState.Refused, removal.State);
        await RunAsync(withRecover: false, ProtectionAim.Remove);
        Assert.Empty(_cloud.Orders);
    }

    [Fact]
    public async Task Changing_looks_again_and_orders_nothing_that_somebody_else_has_done()
    {
        var items = Items(withRecover: false);
        await items[0].ChangeAsync(ProtectionAim.Protect, Ct);
        _cloud.Orders.Clear();

        await items[0].ChangeAsync(ProtectionAim.Protect, Ct);

        Assert.Empty(_cloud.Orders);
    }

    [Fact]
    public async Task Volume_of_which_the_cloud_says_nothing_is_kept_by_an_order()
    {
        _cloud.Machine = _cloud.Machine with
        {
            Disks = [_cloud.Machine.Disks[0], _cloud.Machine.Disks[1] with { DeletesOnTermination = null }],
        };

        await RunAsync(withRecover: false);

        Assert.Contains("/dev/sdf kept", _cloud.Orders);
    }

    [Fact]
    public async Task Nothing_is_ordered_of_volumes_where_the_root_is_not_known_or_is_all_there_is()
    {
        var whole = _cloud.Machine;
        _cloud.Machine = whole with { RootDevice = null };
        Assert.Equal(ProtectionState.Unseen, (await LookAsync("volumes-kept", ProtectionAim.Protect)).State);

        _cloud.Machine = whole with { Disks = [whole.Disks[0]] };
        Assert.Equal(ProtectionState.NotApplicable, (await LookAsync("volumes-kept", ProtectionAim.Protect)).State);

        await RunAsync(withRecover: false);
        Assert.Equal(["put salvor-prod-reboot"], _cloud.Orders);
    }

    [Theory]
    [InlineData(AutomaticRecovery.On, true, "may race")]
    [InlineData(AutomaticRecovery.On, false, null)]
    [InlineData(AutomaticRecovery.Off, true, null)]
    [InlineData(AutomaticRecovery.Off, false, "Nothing moves the machine")]
    [InlineData(AutomaticRecovery.Unknown, true, "does not say")]
    [InlineData(AutomaticRecovery.Unknown, false, null)]
    public async Task What_moves_the_machine_is_told(AutomaticRecovery recovery, bool withRecover, string? said)
    {
        _cloud.Machine = _cloud.Machine with { AutomaticRecovery = recovery };

        var look = await LookAsync("host-recovery", ProtectionAim.Protect, withRecover);

        Assert.NotEqual(ProtectionState.Differs, look.State);
        if (said is null)
        {
            Assert.Null(look.Note);
        }
        else
        {
            Assert.Contains(said, look.Note, StringComparison.Ordinal);
        }
    }

    private IReadOnlyList<IProtection> Items(bool withRecover) =>
    [
        new AlarmProtection(AlarmKind.Reboot, "prod", withRecover, _cloud.TargetAsync),
        new AlarmProtection(AlarmKind.Recover, "prod", withRecover, _cloud.TargetAsync),
        new VolumeProtection(_cloud.TargetAsync),
        new HostRecovery("prod", withRecover, _cloud.TargetAsync),
    ];

    private Task<ProtectionLook> LookAsync(string name, ProtectionAim aim, bool withRecover = false) =>
        Items(withRecover).Single(item => item.Name == name).LookAsync(aim, Ct);

    private async Task<IReadOnlyDictionary<string, ProtectionResult>> RunAsync(
        bool withRecover, ProtectionAim aim = ProtectionAim.Protect)
    {
        var run = new ProtectionRun(Items(withRecover), aim);
        var results = await run.ChangeAsync(await run.LookAsync(Ct), Ct);
        return results.ToDictionary(result => result.Protection.Name);
    }
}
