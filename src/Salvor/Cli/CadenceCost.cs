using System.Globalization;

namespace Salvor.Cli;

/// <summary>What storing segments at a cadence costs in a month, at most.</summary>
internal static class CadenceCost
{
    /// <summary>S3's standard price of a put in most regions, in dollars. Others charge about as much.</summary>
    private const double PutPrice = 0.000005;

    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    /// <summary>Puts in a month where something changes all the time. An idle etcd costs none.</summary>
    public static long RequestsPerMonth(TimeSpan flushAfter) => (long)(Month / flushAfter);

    public static double DollarsPerMonth(TimeSpan flushAfter) => RequestsPerMonth(flushAfter) * PutPrice;

    public static string Describe(TimeSpan flushAfter, bool isBucket) => isBucket
        ? string.Create(CultureInfo.InvariantCulture,
            $"at most {RequestsPerMonth(flushAfter) / 1e6:F1} million puts a month, about "
            + $"${DollarsPerMonth(flushAfter):F0} at S3's standard price")
        : string.Create(CultureInfo.InvariantCulture,
            $"at most {RequestsPerMonth(flushAfter) / 1e6:F1} million files a month");
}
