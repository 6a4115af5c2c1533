using System.Globalization;
using Salvor.Cloud;

namespace Salvor.Readiness.Alarms;

/// <summary>Tells in which attributes an alarm is not as it should be.</summary>
public static class AlarmComparison
{
    /// <summary>Every attribute that differs, in the definition's order; none when the alarm does the same.</summary>
    /// <remarks>The description is no part of what an alarm does: another one is no difference.</remarks>
    public static IReadOnlyList<AlarmDifference> Compare(AlarmDefinition wanted, AlarmDefinition found)
    {
        var differences = new List<AlarmDifference>();
        Add("name", wanted.Name, found.Name);
        Add("namespace", wanted.Namespace, found.Namespace);
        Add("metric", wanted.Metric, found.Metric);
        Add("dimensions", TextOf(wanted.Dimensions), TextOf(found.Dimensions));
        Add("statistic", wanted.Statistic, found.Statistic);
        Add("period", $"{wanted.PeriodSeconds}s", $"{found.PeriodSeconds}s");
        Add("evaluationPeriods", TextOf(wanted.EvaluationPeriods), TextOf(found.EvaluationPeriods));
        Add("datapointsToAlarm", TextOf(wanted.DatapointsToAlarm), TextOf(found.DatapointsToAlarm));
        Add("comparison", wanted.Comparison, found.Comparison);
        Add("threshold", TextOf(wanted.Threshold), TextOf(found.Threshold));
        Add("missingData", wanted.MissingData, found.MissingData);
        Add("actionsEnabled", TextOf(wanted.ActionsEnabled), TextOf(found.ActionsEnabled));
        Add("alarmActions", TextOf(wanted.AlarmActions), TextOf(found.AlarmActions));
        Add("okActions", TextOf(wanted.OkActions), TextOf(found.OkActions));
        Add("insufficientDataActions",
            TextOf(wanted.InsufficientDataActions), TextOf(found.InsufficientDataActions));
        return differences;

        void Add(string attribute, string wantedText, string foundText)
        {
            if (wantedText != foundText)
            {
                differences.Add(new AlarmDifference(attribute, wantedText, foundText));
            }
        }
    }

    private static string TextOf(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string TextOf(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static string TextOf(bool isTrue) => isTrue ? "true" : "false";

    /// <summary>All actions run, in no order.</summary>
    private static string TextOf(IReadOnlyList<string> names) =>
        names.Count == 0 ? "none" : string.Join(", ", names.Order(StringComparer.Ordinal));

    private static string TextOf(IReadOnlyDictionary<string, string> pairs) =>
        pairs.Count == 0
            ? "none"
            : string.Join(", ", pairs.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}={p.Value}"));
}
