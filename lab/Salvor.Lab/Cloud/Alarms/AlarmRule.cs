namespace Salvor.Lab.Cloud.Alarms;

/// <summary>CloudWatch's rule: M of the last N periods, and what stands in for the ones without data.</summary>
public static class AlarmRule
{
    public const string Ok = "OK";
    public const string Breaching = "ALARM";
    public const string Insufficient = "INSUFFICIENT_DATA";

    /// <summary>CloudWatch looks at a few periods more than it needs, so that a late value can take part.</summary>
    public const int PeriodsMore = 2;

    /// <param name="range">Each period, the oldest first: breaching, or not, or null without data.</param>
    /// <param name="periods">N.</param>
    /// <param name="toAlarm">M.</param>
    /// <param name="treatMissing">missing, ignore, breaching or notBreaching.</param>
    /// <param name="current">The state so far.</param>
    public static string Next(
        IReadOnlyList<bool?> range, int periods, int toAlarm, string treatMissing, string current)
    {
        var real = range.Where(one => one is not null).Select(one => one!.Value).TakeLast(periods).ToList();
        var breaching = real.Count(one => one);
        var toFill = periods - real.Count;
        if (toFill == 0 || breaching >= toAlarm)
        {
            return breaching >= toAlarm ? Breaching : Ok;
        }

        switch (treatMissing)
        {
            case "breaching":
                return breaching + toFill >= toAlarm ? Breaching : Ok;
            case "notBreaching":
                return Ok;
            case "ignore":
                return real.Contains(false) ? Ok : current;
            default:
                if (real.Count == 0)
                {
                    return Insufficient;
                }

                // All that there is breaches. That is an alarm once the first of it is M periods old, not before.
                var oldest = range.Count - range.ToList().IndexOf(true);
                return real.Contains(false) ? Ok : oldest >= toAlarm ? Breaching : current;
        }
    }
}
