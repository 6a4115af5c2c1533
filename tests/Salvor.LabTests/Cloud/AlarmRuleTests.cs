using Salvor.Lab.Cloud.Alarms;

namespace Salvor.LabTests.Cloud;

/// <summary>The two tables of CloudWatch's documentation on missing data, row by row.</summary>
public sealed class AlarmRuleTests
{
    private const string Retained = "retained";

    [Theory]
    [InlineData("0-X-X", 3, "OK", "OK", "OK", "OK")]
    [InlineData("0----", 3, "OK", "OK", "OK", "OK")]
    [InlineData("-----", 3, "INSUFFICIENT_DATA", Retained, "ALARM", "OK")]
    [InlineData("0XX-X", 3, "ALARM", "ALARM", "ALARM", "ALARM")]
    [InlineData("--X--", 3, "ALARM", Retained, "ALARM", "OK")]
    [InlineData("0-X-X", 2, "ALARM", "ALARM", "ALARM", "ALARM")]
    [InlineData("00X0X", 2, "ALARM", "ALARM", "ALARM", "ALARM")]
    [InlineData("0-X--", 2, "OK", "OK", "ALARM", "OK")]
    [InlineData("----0", 2, "OK", "OK", "ALARM", "OK")]
    [InlineData("---X-", 2, "ALARM", Retained, "ALARM", "OK")]
    public void Missing_data_is_treated_as_documented(
        string range, int toAlarm, string missing, string ignore, string breaching, string notBreaching)
    {
        var periods = range.Select(one => one == '-' ? (bool?)null : one == 'X').ToList();
        Assert.Equal(missing, Next("missing"));
        Assert.Equal(ignore, Next("ignore"));
        Assert.Equal(breaching, Next("breaching"));
        Assert.Equal(notBreaching, Next("notBreaching"));

        string Next(string treat) => AlarmRule.Next(periods, 3, toAlarm, treat, Retained);
    }
}
