using Salvor.Cloud;
using Salvor.Readiness.Alarms;

namespace Salvor.Tests.Readiness.Alarms;

public sealed class AlarmComparisonTests
{
    private static readonly AlarmDefinition Wanted = WantedAlarms.For(
        new AlarmRequest("prod", new MachineId("i-1"), "eu-central-1", "aws", WithRecover: false))[0];

    [Fact]
    public void Same_alarm_has_no_difference_whatever_it_is_described_as()
    {
        Assert.Empty(AlarmComparison.Compare(Wanted, Wanted with { Description = "mine" }));
    }

    [Fact]
    public void Order_of_actions_is_no_difference()
    {
        var two = Wanted with { AlarmActions = ["a", "b"] };

        Assert.Empty(AlarmComparison.Compare(two, two with { AlarmActions = ["b", "a"] }));
    }

    public static TheoryData<string, AlarmDefinition> Changes => new()
    {
        { "name", Wanted with { Name = "other" } },
        { "namespace", Wanted with { Namespace = "Own" } },
        { "metric", Wanted with { Metric = "StatusCheckFailed" } },
        { "dimensions", Wanted with { Dimensions = new Dictionary<string, string> { ["InstanceId"] = "i-2" } } },
        { "statistic", Wanted with { Statistic = "Average" } },
        { "period", Wanted with { PeriodSeconds = 300 } },
        { "evaluationPeriods", Wanted with { EvaluationPeriods = 3 } },
        { "datapointsToAlarm", Wanted with { DatapointsToAlarm = 1 } },
        { "comparison", Wanted with { Comparison = "GreaterThanThreshold" } },
        { "threshold", Wanted with { Threshold = 0.5 } },
        { "missingData", Wanted with { MissingData = "breaching" } },
        { "actionsEnabled", Wanted with { ActionsEnabled = false } },
        { "alarmActions", Wanted with { AlarmActions = [] } },
        { "okActions", Wanted with { OkActions = ["arn:aws:sns:eu-central-1:1:all-is-well"] } },
        { "insufficientDataActions", Wanted with { InsufficientDataActions = ["arn:x"] } },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Each_attribute_that_differs_is_named_alone(string attribute, AlarmDefinition found)
    {
        Assert.Equal(attribute, Assert.Single(AlarmComparison.Compare(Wanted, found)).Attribute);
    }

    [Fact]
    public void Every_attribute_but_the_description_is_compared()
    {
        var attributes = typeof(AlarmDefinition).GetProperties()
            .Where(property => property.GetMethod!.IsPublic && property.Name != nameof(AlarmDefinition.Description));

        Assert.Equal(attributes.Count(), Changes.Count);
    }

    [Fact]
    public void Difference_says_what_is_and_what_should_be()
    {
        var difference = Assert.Single(AlarmComparison.Compare(Wanted, Wanted with { PeriodSeconds = 300 }));

        Assert.Equal("period is 300s, should be 60s", difference.ToString());
    }
}
