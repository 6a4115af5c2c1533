using Salvor.Cloud;
using Salvor.Errors;

namespace Salvor.Providers.Aws;

/// <summary>CloudWatch's alarms.</summary>
internal sealed class CloudWatchAlarms(QueryClient client) : IAlarms
{
    private const int PageAlarmsMax = 100;

    /// <summary>More alarms than an account may have in a region: a list that does not end is no list.</summary>
    private const int PagesMax = 500;

    private const string InstanceDimension = "InstanceId";

    public async Task<IReadOnlyList<MachineAlarm>> ListAsync(MachineId machine, CancellationToken ct)
    {
        // There is no filter by machine: all are read, and most left out.
        var all = await DescribeAsync([("MaxRecords", $"{PageAlarmsMax}")], "list alarms", ct);
        return [.. all.Where(alarm =>
            alarm.Definition.Dimensions.TryGetValue(InstanceDimension, out var id) && id == machine.Value)];
    }

    public async Task<IReadOnlyList<MachineAlarm>> FindAsync(IReadOnlyList<string> names, CancellationToken ct) =>
        names.Count == 0 ? [] : await DescribeAsync(AlarmFields.List("AlarmNames", names), "look for alarms", ct);

    public Task PutAsync(AlarmDefinition alarm, CancellationToken ct) =>
        client.AskAsync("PutMetricAlarm", AlarmFields.Of(alarm), $"put alarm {alarm.Name}", ct);

    public async Task DeleteAsync(IReadOnlyList<string> names, CancellationToken ct)
    {
        // One at a time: a single name that is not there would let AWS refuse all.
        foreach (var name in names)
        {
            try
            {
                await client.AskAsync(
                    "DeleteAlarms", AlarmFields.List("AlarmNames", [name]), $"delete alarm {name}", ct);
            }
            catch (SalvorException e) when (e.Code == ErrorCode.CloudNotFound)
            {
                // It is what was asked for: there is no alarm of that name.
            }
        }
    }

    public Task SetActionsEnabledAsync(IReadOnlyList<string> names, bool enabled, CancellationToken ct) =>
        names.Count == 0
            ? Task.CompletedTask
            : client.AskAsync(
                enabled ? "EnableAlarmActions" : "DisableAlarmActions",
                AlarmFields.List("AlarmNames", names),
                $"{(enabled ? "enable" : "disable")} the actions of {string.Join(", ", names)}",
                ct);

    public Task SetStateAsync(string name, AlarmState state, string reason, CancellationToken ct) => client.AskAsync(
        "SetAlarmState",
        [("AlarmName", name), ("StateValue", AwsWords.WordOf(state)), ("StateReason", reason)],
        $"set the state of alarm {name}",
        ct);

    private async Task<List<MachineAlarm>> DescribeAsync(
        IReadOnlyList<(string Name, string Value)> fields, string what, CancellationToken ct)
    {
        var alarms = new List<MachineAlarm>();
        string? next = null;
        for (var page = 0; page < PagesMax; page++)
        {
            var asked = next is null ? fields : [.. fields, ("NextToken", next)];
            var answer = await client.AskAsync("DescribeAlarms", asked, what, ct);
            if (answer.Child("DescribeAlarmsResult") is not { } result)
            {
                throw new SalvorException(ErrorCode.CloudRefused, $"Cannot {what}: the answer has no list.");
            }

            alarms.AddRange(result.Members("MetricAlarms").Select(AlarmFields.Read).OfType<MachineAlarm>());
            next = result.TextOf("NextToken");
            if (next is null)
            {
                return alarms;
            }
        }

        throw new SalvorException(ErrorCode.CloudRefused, $"Cannot {what}: the list does not end.");
    }
}
