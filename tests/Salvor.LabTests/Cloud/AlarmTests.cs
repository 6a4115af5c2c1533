using Salvor.Lab.Cloud.Alarms;
using Salvor.Lab.Cloud.Model;

namespace Salvor.LabTests.Cloud;

/// <summary>Status checks that are made, alarms that are evaluated, and actions that run.</summary>
public sealed class AlarmTests
{
    private readonly LabCloud _cloud = new();

    [Fact]
    public async Task Deaf_machine_is_initializing_at_first_and_impaired_after_the_grace()
    {
        _cloud.Host.Answers = false;
        var id = await _cloud.RunningAsync();
        await _cloud.PassAsync(120);
        Assert.Null(_cloud.Region.Require(id).Answers);
        Assert.Equal(0, Count(id, "StatusCheckFailed_Instance"));
        await _cloud.PassAsync(120);
        Assert.False(_cloud.Region.Require(id).Answers);
        _cloud.Host.Answers = true;
        await _cloud.PassAsync(60);
        Assert.True(_cloud.Region.Require(id).Answers);
    }

    [Fact]
    public async Task Stopped_instance_emits_nothing()
    {
        var id = await _cloud.RunningAsync();
        await _cloud.PassAsync(120);
        _cloud.Region.Stop(id, true, true);
        await _cloud.PassAsync(10);
        var before = Count(id, "StatusCheckFailed");
        Assert.True(before > 0);
        await _cloud.PassAsync(600);
        Assert.Equal(before, Count(id, "StatusCheckFailed"));
    }

    [Fact]
    public async Task Instance_alarm_reboots_once_for_its_transition()
    {
        var id = await _cloud.RunningAsync();
        Put(id, "StatusCheckFailed_Instance", "reboot", 3);
        Assert.Equal(AlarmRule.Insufficient, Alarm.State);
        await _cloud.PassAsync(240);
        Assert.Equal(AlarmRule.Ok, Alarm.State);
        _cloud.Host.Answers = false;
        await _cloud.PassAsync(120);
        Assert.Equal(AlarmRule.Ok, Alarm.State);
        await _cloud.PassAsync(600);
        Assert.Equal(AlarmRule.Breaching, Alarm.State);
        Assert.Equal(2, _cloud.Host.Calls.Count(call => call == $"on {id}"));
    }

    [Fact]
    public async Task System_alarm_recovers_an_instance_off_its_failed_host()
    {
        var id = await _cloud.RunningAsync();
        Put(id, "StatusCheckFailed_System", "recover", 2);
        await _cloud.PassAsync(240);
        _cloud.Region.FailHost(id);
        await _cloud.PassAsync(10);
        Assert.False(_cloud.Host.IsOn(id));
        Assert.Equal(InstanceState.Running, _cloud.State(id));
        await _cloud.PassAsync(180);
        Assert.True(_cloud.Host.IsOn(id));
        await _cloud.PassAsync(120);
        Assert.Equal(AlarmRule.Ok, Alarm.State);
    }

    [Fact]
    public async Task Disabled_actions_do_not_run()
    {
        var id = await _cloud.RunningAsync();
        Put(id, "StatusCheckFailed_Instance", "stop", 1);
        _cloud.Service.Alarms.Enable(["alarm"], false);
        _cloud.Service.Alarms.SetState("alarm", AlarmRule.Breaching, "drill");
        await _cloud.PassAsync(10);
        Assert.Equal(InstanceState.Running, _cloud.State(id));
    }

    [Fact]
    public async Task State_set_by_hand_runs_the_action_and_falls_back()
    {
        var id = await _cloud.RunningAsync();
        await _cloud.PassAsync(120);
        Put(id, "StatusCheckFailed_Instance", "reboot", 1);
        _cloud.Service.Alarms.SetState("alarm", AlarmRule.Breaching, "drill");
        await _cloud.PassAsync(65);
        Assert.Contains($"shutdown {id}", _cloud.Host.Calls);
        Assert.Equal(AlarmRule.Ok, Alarm.State);
    }

    [Theory]
    [InlineData(10, 1, 10)]
    [InlineData(30, 1, 10)]
    [InlineData(60, 1, 60)]
    [InlineData(300, 1, 60)]
    [InlineData(86_400, 2, 3600)]
    public async Task An_alarm_is_evaluated_as_often_as_its_periods_ask_for(int period, int periods, int seconds)
    {
        await _cloud.PassAsync(1);
        _cloud.Service.Alarms.Put(new Alarm("alarm", "Own", "Failures")
        {
            Period = period,
            EvaluationPeriods = periods,
            DatapointsToAlarm = 1,
            Threshold = 1,
            Comparison = "GreaterThanOrEqualToThreshold",
        });
        for (var passed = 1; passed < seconds; passed++)
        {
            _cloud.Service.Metrics.Put(Alarm.Key, new Datapoint(_cloud.Region.Time.Now, 1));
            Assert.Equal(AlarmRule.Insufficient, Alarm.State);
            await _cloud.PassAsync(1);
        }

        Assert.Equal(AlarmRule.Breaching, Alarm.State);
    }

    [Fact]
    public void Recover_goes_with_the_system_check_only()
    {
        LabCloud.Refuses("ValidationError", () => Put("i-1", "StatusCheckFailed_Instance", "recover", 2));
        LabCloud.Refuses("ValidationError", () => Put("i-1", "StatusCheckFailed_System", "explode", 2));
    }

    private Alarm Alarm => Assert.Single(_cloud.Service.Alarms.All);

    private int Count(string id, string metric) => _cloud.Service.Metrics.Between(
        MetricStore.Key("AWS/EC2", metric, new Dictionary<string, string> { ["InstanceId"] = id }),
        DateTimeOffset.MinValue, DateTimeOffset.MaxValue).Count();

    private void Put(string id, string metric, string verb, int periods) =>
        _cloud.Service.Alarms.Put(new Alarm("alarm", "AWS/EC2", metric)
        {
            Period = 60,
            EvaluationPeriods = periods,
            DatapointsToAlarm = periods,
            Threshold = 1,
            Comparison = "GreaterThanOrEqualToThreshold",
            Dimensions = new Dictionary<string, string> { ["InstanceId"] = id },
            AlarmActions = [$"arn:aws:automate:lab-1:ec2:{verb}"],
        });
}
