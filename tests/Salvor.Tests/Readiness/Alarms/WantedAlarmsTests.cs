using Salvor.Cloud;
using Salvor.Errors;
using Salvor.Readiness.Alarms;

namespace Salvor.Tests.Readiness.Alarms;

public sealed class WantedAlarmsTests
{
    private static readonly MachineId Machine = new("i-0123456789abcdef0");

    [Fact]
    public void Reboot_alone_comes_after_two_failed_minutes()
    {
        var alarm = Assert.Single(WantedAlarms.For(Request()));

        Assert.Equal("salvor-prod-reboot", alarm.Name);
        Assert.Equal("AWS/EC2", alarm.Namespace);
        Assert.Equal("StatusCheckFailed_Instance", alarm.Metric);
        Assert.Equal(new KeyValuePair<string, string>("InstanceId", Machine.Value), Assert.Single(alarm.Dimensions));
        Assert.Equal("Maximum", alarm.Statistic);
        Assert.Equal(60, alarm.PeriodSeconds);
        Assert.Equal((2, 2), (alarm.EvaluationPeriods, alarm.DatapointsToAlarm));
        Assert.Equal("GreaterThanOrEqualToThreshold", alarm.Comparison);
        Assert.Equal(1, alarm.Threshold);
        Assert.Equal("missing", alarm.MissingData);
        Assert.True(alarm.ActionsEnabled);
        Assert.Equal(["arn:aws:automate:eu-central-1:ec2:reboot"], alarm.AlarmActions);
        Assert.Empty(alarm.OkActions);
        Assert.Empty(alarm.InsufficientDataActions);
    }

    [Fact]
    public void Recover_comes_before_a_reboot_could()
    {
        var alarms = WantedAlarms.For(Request() with { WithRecover = true });

        Assert.Equal(["salvor-prod-reboot", "salvor-prod-recover"], alarms.Select(alarm => alarm.Name));
        Assert.Equal([3, 2], alarms.Select(alarm => alarm.EvaluationPeriods));
        Assert.Equal([3, 2], alarms.Select(alarm => alarm.DatapointsToAlarm));
        Assert.Equal("StatusCheckFailed_System", alarms[1].Metric);
        Assert.Equal(["arn:aws:automate:eu-central-1:ec2:recover"], alarms[1].AlarmActions);
    }

    [Fact]
    public void Actions_are_named_for_the_part_of_AWS_and_the_region()
    {
        var alarm = Assert.Single(WantedAlarms.For(Request() with { Region = "cn-north-1", Partition = "aws-cn" }));

        Assert.Equal(["arn:aws-cn:automate:cn-north-1:ec2:reboot"], alarm.AlarmActions);
    }

    [Fact]
    public void Names_of_a_cluster_are_those_that_its_alarms_get()
    {
        var alarms = WantedAlarms.For(Request() with { WithRecover = true });

        Assert.Equal(alarms.Select(alarm => alarm.Name), WantedAlarms.NamesFor("prod"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("prod*")]
    [InlineData("prod/eu")]
    [InlineData("a-name-that-is-much-longer-than-any-name-of-a-cluster-should-ever-be")]
    public void Name_that_can_be_no_part_of_an_alarms_is_refused(string cluster)
    {
        Assert.Equal(ErrorCode.Usage, Assert.Throws<SalvorException>(() => WantedAlarms.NamesFor(cluster)).Code);
        Assert.Throws<SalvorException>(() => WantedAlarms.For(Request() with { Cluster = cluster }));
    }

    private static AlarmRequest Request() => new("prod", Machine, "eu-central-1", "aws", WithRecover: false);
}
