using System.Globalization;
using System.Xml.Linq;
using Salvor.Lab.Cloud.Alarms;
using Salvor.Lab.Cloud.Model;

namespace Salvor.Lab.Cloud.Query;

/// <summary>CloudWatch's calls.</summary>
public sealed class MonitoringActions(CloudService cloud)
{
    private const int DatapointsMax = 1440;

    public void AddTo(Dictionary<string, Func<QueryForm, IEnumerable<XElement>>> actions)
    {
        actions["PutMetricAlarm"] = Put;
        actions["DescribeAlarms"] = Describe;
        actions["DeleteAlarms"] = Done(form => cloud.Alarms.Delete(form.RequireList("AlarmNames.member")));
        actions["EnableAlarmActions"] = Done(
            form => cloud.Alarms.Enable(form.RequireList("AlarmNames.member"), true));
        actions["DisableAlarmActions"] = Done(
            form => cloud.Alarms.Enable(form.RequireList("AlarmNames.member"), false));
        actions["SetAlarmState"] = Done(form => cloud.Alarms.SetState(
            form.Require("AlarmName"),
            OneOf(form, "StateValue", "", AlarmRule.Ok, AlarmRule.Breaching, AlarmRule.Insufficient),
            form.Require("StateReason")));
        actions["PutMetricData"] = Done(PutData);
        actions["GetMetricStatistics"] = Statistics;
    }

    private static Func<QueryForm, IEnumerable<XElement>> Done(Action<QueryForm> act) => form =>
    {
        act(form);
        return [];
    };

    private static string OneOf(QueryForm form, string name, string otherwise, params string[] allowed)
    {
        var value = form.Get(name) ?? otherwise;
        return allowed.Contains(value) ? value : throw new CloudException(
            "ValidationError", $"Value '{value}' at '{name}' must be one of {string.Join(", ", allowed)}.");
    }

    private static int AtLeastOne(QueryForm form, string name, int? otherwise = null) =>
        (form.Number(name) ?? otherwise) is >= 1 and <= 86_400 and var number
            ? number
            : throw new CloudException("ValidationError", $"The parameter {name} must be a number from 1.");

    private IEnumerable<XElement> Put(QueryForm form)
    {
        var period = AtLeastOne(form, "Period");
        if (period is not (10 or 20 or 30) && period % 60 != 0)
        {
            throw new CloudException("ValidationError", "Period must be 10, 20, 30 or a multiple of 60.");
        }

        var periods = AtLeastOne(form, "EvaluationPeriods");
        var toAlarm = AtLeastOne(form, "DatapointsToAlarm", periods);
        if (toAlarm > periods || periods * period > 7 * 86_400)
        {
            throw new CloudException("ValidationError", "DatapointsToAlarm or EvaluationPeriods is too large.");
        }

        cloud.Alarms.Put(new Alarm(form.Require("AlarmName"), form.Require("Namespace"), form.Require("MetricName"))
        {
            Statistic = OneOf(form, "Statistic", "", "Maximum", "Minimum", "Sum", "Average", "SampleCount"),
            Period = period,
            EvaluationPeriods = periods,
            DatapointsToAlarm = toAlarm,
            Threshold = form.Real("Threshold"),
            Comparison = OneOf(
                form, "ComparisonOperator", "", "GreaterThanOrEqualToThreshold", "GreaterThanThreshold",
                "LessThanThreshold", "LessThanOrEqualToThreshold"),
            TreatMissingData = OneOf(
                form, "TreatMissingData", "missing", "missing", "ignore", "breaching", "notBreaching"),
            ActionsEnabled = form.Flag("ActionsEnabled", true),
            Dimensions = form.Pairs("Dimensions.member", "Name"),
            AlarmActions = form.List("AlarmActions.member"),
            OkActions = form.List("OKActions.member"),
            InsufficientDataActions = form.List("InsufficientDataActions.member"),
        });
        return [];
    }

    private IEnumerable<XElement> Describe(QueryForm form)
    {
        var names = form.List("AlarmNames.member");
        var prefix = form.Get("AlarmNamePrefix") ?? "";
        var action = form.Get("ActionPrefix");
        var state = form.Get("StateValue");
        var found = cloud.Alarms.All.Where(one =>
            (names.Count == 0 || names.Contains(one.Name))
            && one.Name.StartsWith(prefix, StringComparison.Ordinal)
            && (state is null || one.State == state)
            && (action is null || one.AlarmActions.Any(
                each => each.StartsWith(action, StringComparison.Ordinal))));
        return Filters.Page(form, "MetricAlarms", [.. found.Select(AlarmOf)], "MaxRecords");
    }

    private XElement AlarmOf(Alarm one)
    {
        var options = cloud.Region.Options;
        return Xml.Of(
            "member", Xml.Of("AlarmName", one.Name),
            Xml.Of("AlarmArn", $"arn:{options.Partition}:cloudwatch:{options.Name}:{options.Account}:alarm:{one.Name}"),
            Xml.Of("StateValue", one.State), Xml.Of("StateReason", one.Reason),
            Xml.Of("StateUpdatedTimestamp", one.Since), Xml.Of("ActionsEnabled", one.ActionsEnabled),
            Members("AlarmActions", one.AlarmActions), Members("OKActions", one.OkActions),
            Members("InsufficientDataActions", one.InsufficientDataActions),
            Xml.Of("Namespace", one.Namespace), Xml.Of("MetricName", one.MetricName),
            Xml.Of("Statistic", one.Statistic), Xml.Of("Period", one.Period),
            Xml.Of("EvaluationPeriods", one.EvaluationPeriods), Xml.Of("DatapointsToAlarm", one.DatapointsToAlarm),
            Xml.Of("Threshold", one.Threshold), Xml.Of("ComparisonOperator", one.Comparison),
            Xml.Of("TreatMissingData", one.TreatMissingData),
            Xml.Set("Dimensions", one.Dimensions.Select(pair => Xml.Of(
                "member", Xml.Of("Name", pair.Key), Xml.Of("Value", pair.Value)))));

        static XElement Members(string name, IReadOnlyList<string> values) =>
            Xml.Set(name, values.Select(value => Xml.Of("member", value)));
    }

    private void PutData(QueryForm form)
    {
        var space = form.Require("Namespace");
        if (space.StartsWith("AWS/", StringComparison.Ordinal))
        {
            throw new CloudException("InvalidParameterValue", "The value AWS/ for parameter Namespace is invalid.");
        }

        foreach (var item in form.Items("MetricData.member"))
        {
            var key = MetricStore.Key(space, item.Require("MetricName"), item.Pairs("Dimensions.member", "Name"));
            var time = item.Get("Timestamp") is null ? cloud.Region.Time.Now : item.Time("Timestamp");
            cloud.Metrics.Put(key, new Datapoint(time, item.Real("Value")));
        }
    }

    private IEnumerable<XElement> Statistics(QueryForm form)
    {
        var name = form.Require("MetricName");
        var key = MetricStore.Key(form.Require("Namespace"), name, form.Pairs("Dimensions.member", "Name"));
        var (start, end) = (form.Time("StartTime"), form.Time("EndTime"));
        var statistics = form.RequireList("Statistics.member");
        var period = cloud.Region.Time.Real(TimeSpan.FromSeconds(AtLeastOne(form, "Period")));
        if (end <= start || (end - start) / period > DatapointsMax)
        {
            throw new CloudException(
                "InvalidParameterCombination", $"The range must be of 1 to {DatapointsMax} datapoints.");
        }

        var buckets = cloud.Metrics.Between(key, start, end)
            .GroupBy(point => start + (period * Math.Floor((point.Time - start) / period)))
            .Select(bucket => Xml.Of("member", [
                Xml.Of("Timestamp", bucket.Key), Xml.Of("Unit", "None"),
                .. statistics.Select(one => Xml.Of(one, MetricStore.Statistic(one, [.. bucket])
                    .ToString(CultureInfo.InvariantCulture)))]));
        return [Xml.Of("Label", name), Xml.Set("Datapoints", buckets)];
    }
}
