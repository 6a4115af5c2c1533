using System.Globalization;
using Salvor.Cloud;

namespace Salvor.Providers.Aws;

/// <summary>Alarms as CloudWatch's interface writes them.</summary>
internal static class AlarmFields
{
    /// <summary>A list parameter: NAME.member.1 and so on.</summary>
    public static IReadOnlyList<(string Name, string Value)> List(string name, IReadOnlyList<string> values) =>
        [.. values.Select((value, i) => ($"{name}.member.{i + 1}", value))];

    public static IReadOnlyList<(string Name, string Value)> Of(AlarmDefinition alarm)
    {
        var fields = new List<(string Name, string Value)>
        {
            ("AlarmName", alarm.Name),
            ("Namespace", alarm.Namespace),
            ("MetricName", alarm.Metric),
            ("Statistic", alarm.Statistic),
            ("Period", TextOf(alarm.PeriodSeconds)),
            ("EvaluationPeriods", TextOf(alarm.EvaluationPeriods)),
            ("DatapointsToAlarm", TextOf(alarm.DatapointsToAlarm)),
            ("Threshold", alarm.Threshold.ToString("R", CultureInfo.InvariantCulture)),
            ("ComparisonOperator", alarm.Comparison),
            ("TreatMissingData", alarm.MissingData),
            ("ActionsEnabled", alarm.ActionsEnabled ? "true" : "false"),
        };
        if (alarm.Description.Length > 0)
        {
            fields.Add(("AlarmDescription", alarm.Description));
        }

        var number = 0;
        foreach (var (name, value) in alarm.Dimensions.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            number++;
            fields.Add(($"Dimensions.member.{number}.Name", name));
            fields.Add(($"Dimensions.member.{number}.Value", value));
        }

        fields.AddRange(List("AlarmActions", alarm.AlarmActions));
        fields.AddRange(List("OKActions", alarm.OkActions));
        fields.AddRange(List("InsufficientDataActions", alarm.InsufficientDataActions));
        return fields;
    }

    /// <summary>An alarm of one metric; null for one of another kind, such as of an expression over several.</summary>
    public static MachineAlarm? Read(AnswerElement alarm)
    {
        if (alarm.TextOf("AlarmName") is not { } name || alarm.TextOf("MetricName") is not { } metric)
        {
            return null;
        }

        var evaluationPeriods = NumberOf(alarm, "EvaluationPeriods") ?? 0;
        var definition = new AlarmDefinition
        {
            Name = name,
            Description = alarm.TextOf("AlarmDescription") ?? "",
            Namespace = alarm.TextOf("Namespace") ?? "",
            Metric = metric,
            Dimensions = alarm.Members("Dimensions")
                .DistinctBy(pair => pair.TextOf("Name"))
                .ToDictionary(pair => pair.TextOf("Name") ?? "", pair => pair.TextOf("Value") ?? ""),
            Statistic = alarm.TextOf("Statistic") ?? alarm.TextOf("ExtendedStatistic") ?? "",
            PeriodSeconds = NumberOf(alarm, "Period") ?? 0,
            EvaluationPeriods = evaluationPeriods,
            // Left out, it means all of them.
            DatapointsToAlarm = NumberOf(alarm, "DatapointsToAlarm") ?? evaluationPeriods,
            Comparison = alarm.TextOf("ComparisonOperator") ?? "",
            Threshold = double.TryParse(
                alarm.TextOf("Threshold"), NumberStyles.Float, CultureInfo.InvariantCulture, out var threshold)
                ? threshold
                : double.NaN,
            // Left out, it means "missing".
            MissingData = alarm.TextOf("TreatMissingData") ?? "missing",
            ActionsEnabled = alarm.TextOf("ActionsEnabled") is not { } enabled
                || enabled.Equals("true", StringComparison.OrdinalIgnoreCase),
            AlarmActions = TextsOf(alarm, "AlarmActions"),
            OkActions = TextsOf(alarm, "OKActions"),
            InsufficientDataActions = TextsOf(alarm, "InsufficientDataActions"),
        };
        return new MachineAlarm(
            definition,
            AwsWords.AlarmStateOf(alarm.TextOf("StateValue")),
            alarm.TextOf("StateReason"),
            AwsWords.TimeOf(alarm.TextOf("StateUpdatedTimestamp")));
    }

    private static string TextOf(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int? NumberOf(AnswerElement alarm, string name) =>
        int.TryParse(alarm.TextOf(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static IReadOnlyList<string> TextsOf(AnswerElement alarm, string name) =>
        [.. alarm.Members(name).Select(member => member.Text)];
}
