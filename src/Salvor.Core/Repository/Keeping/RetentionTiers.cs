using System.Collections.Immutable;
using System.Globalization;

namespace Salvor.Repository.Keeping;

/// <summary>The rules that count: so many newest ones, and the newest one of so many hours, days, weeks, months.</summary>
internal static class RetentionTiers
{
    /// <param name="counted">The snapshots that count, oldest first.</param>
    /// <param name="policy">The counts.</param>
    /// <param name="reasons">Where the reasons go.</param>
    public static void Keep(
        ImmutableArray<KeepingSnapshot> counted,
        RetentionPolicy policy,
        Dictionary<KeepingSnapshot, SortedSet<KeepReason>> reasons)
    {
        foreach (var snapshot in counted.TakeLast(Math.Max(1, policy.KeepLast)))
        {
            reasons[snapshot].Add(KeepReason.Last);
        }

        Keep(KeepReason.Hourly, policy.Hourly, time => time.Ticks / TimeSpan.TicksPerHour);
        Keep(KeepReason.Daily, policy.Daily, time => time.Ticks / TimeSpan.TicksPerDay);
        Keep(KeepReason.Weekly, policy.Weekly, time => (ISOWeek.GetYear(time) * 100L) + ISOWeek.GetWeekOfYear(time));
        Keep(KeepReason.Monthly, policy.Monthly, time => (time.Year * 100L) + time.Month);

        void Keep(KeepReason tier, int count, Func<DateTime, long> periodOf)
        {
            var seen = new HashSet<long>();
            foreach (var snapshot in counted.Reverse())
            {
                if (seen.Count == count)
                {
                    return;
                }

                if (seen.Add(periodOf(snapshot.Taken.UtcDateTime)))
                {
                    reasons[snapshot].Add(tier);
                }
            }
        }
    }
}
