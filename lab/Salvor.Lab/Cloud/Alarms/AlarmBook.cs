using System.Globalization;
using Salvor.Lab.Cloud.Model;

namespace Salvor.Lab.Cloud.Alarms;

/// <summary>The alarms of a region: kept, evaluated, and their actions run once for each transition.</summary>
public sealed class AlarmBook(Region region, MetricStore metrics)
{
    /// <summary>How often an alarm with a period below a minute is evaluated.</summary>
    public static readonly TimeSpan Quick = TimeSpan.FromSeconds(10);

    /// <summary>How often the others are, however long their period: the window slides.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromMinutes(1);

    /// <summary>How often one is that looks at more than a day.</summary>
    public static readonly TimeSpan Slow = TimeSpan.FromHours(1);

    private readonly SortedDictionary<string, Alarm> _alarms = new(StringComparer.Ordinal);

    public IEnumerable<Alarm> All => _alarms.Values;

    /// <summary>Overwrites the whole definition and keeps the state.</summary>
    public void Put(Alarm alarm)
    {
        foreach (var action in alarm.AlarmActions.Concat(alarm.OkActions).Concat(alarm.InsufficientDataActions))
        {
            Check(alarm, action);
        }

        var old = _alarms.GetValueOrDefault(alarm.Name);
        _alarms[alarm.Name] = old is null
            ? alarm with { Since = region.Time.Now }
            : alarm with { State = old.State, Reason = old.Reason, Since = old.Since };
    }

    /// <summary>Forgets alarms. CloudWatch deletes all of the named ones or none.</summary>
    public void Delete(IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            Require(name);
        }

        foreach (var name in names)
        {
            _alarms.Remove(name);
        }
    }

    /// <summary>Switches actions; unknown names are passed over, as CloudWatch does.</summary>
    public void Enable(IReadOnlyList<string> names, bool enabled)
    {
        foreach (var name in names.Where(_alarms.ContainsKey))
        {
            _alarms[name] = _alarms[name] with { ActionsEnabled = enabled };
        }
    }

    /// <summary>Sets a state by hand, which runs its actions; the next evaluation puts the real one back.</summary>
    public void SetState(string name, string state, string reason) => Move(Require(name), state, reason);

    /// <summary>Evaluates each alarm of a cadence on the periods that are over.</summary>
    public void Evaluate(TimeSpan cadence)
    {
        foreach (var alarm in _alarms.Values.Where(one => one.Cadence == cadence).ToList())
        {
            var range = Range(alarm);
            var next = AlarmRule.Next(
                range, alarm.EvaluationPeriods, alarm.DatapointsToAlarm, alarm.TreatMissingData, alarm.State);
            Move(alarm, next, string.Create(
                CultureInfo.InvariantCulture,
                $"{range.Count(one => one == true)} breaching and {range.Count(one => one == false)} other periods"));
        }
    }

    private List<bool?> Range(Alarm alarm)
    {
        var period = region.Time.Real(TimeSpan.FromSeconds(alarm.Period));
        var count = alarm.EvaluationPeriods + AlarmRule.PeriodsMore;
        var range = new List<bool?>(count);
        var now = region.Time.Now;
        for (var i = count; i > 0; i--)
        {
            // The newest value is of now, so a period is open at its start and closed at its end.
            var points = metrics.Between(
                alarm.Key, now - (period * i) + TimeSpan.FromTicks(1), now - (period * (i - 1)) + TimeSpan.FromTicks(1))
                .ToList();
            range.Add(points.Count == 0 ? null : alarm.IsBreaching(MetricStore.Statistic(alarm.Statistic, points)));
        }

        return range;
    }

    private Alarm Require(string name) =>
        _alarms.GetValueOrDefault(name) ?? throw new CloudException("ResourceNotFound", $"No alarm '{name}'.", 404);

    private void Move(Alarm alarm, string state, string reason)
    {
        if (alarm.State == state)
        {
            return;
        }

        _alarms[alarm.Name] = alarm with { State = state, Reason = reason, Since = region.Time.Now };
        if (!alarm.ActionsEnabled)
        {
            return;
        }

        var actions = state switch
        {
            AlarmRule.Breaching => alarm.AlarmActions,
            AlarmRule.Ok => alarm.OkActions,
            _ => alarm.InsufficientDataActions,
        };
        foreach (var action in actions.Where(IsPower))
        {
            Act(alarm, action.Split(':')[^1]);
        }
    }

    private void Act(Alarm alarm, string verb)
    {
        var instance = alarm.Dimensions["InstanceId"];
        try
        {
            switch (verb)
            {
                case "stop":
                    region.Stop(instance, force: false, skipOsShutdown: false);
                    break;
                case "terminate":
                    region.Terminate(instance, skipOsShutdown: false);
                    break;
                case "reboot":
                    region.Reboot(instance);
                    break;
                default:
                    region.Recover(instance);
                    break;
            }
        }
        catch (CloudException)
        {
            // An action that EC2 refuses is lost without a word to anybody, as on AWS.
        }
    }

    private static bool IsPower(string action) => action.Split(':') is [_, _, "automate", ..];

    private static void Check(Alarm alarm, string action)
    {
        if (!IsPower(action))
        {
            return;
        }

        if (action.Split(':') is not ["arn", _, _, _, "ec2", "stop" or "terminate" or "reboot" or "recover"]
            || !alarm.Dimensions.ContainsKey("InstanceId"))
        {
            throw new CloudException("ValidationError", $"Invalid action '{action}' for this alarm.");
        }

        if (action.EndsWith(":recover", StringComparison.Ordinal) && alarm.MetricName != "StatusCheckFailed_System")
        {
            throw new CloudException(
                "ValidationError", "The recover action goes with StatusCheckFailed_System only.");
        }
    }
}
