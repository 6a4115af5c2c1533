namespace Salvor.Readiness.Alarms;

/// <summary>One attribute in which an alarm is not as it should be.</summary>
/// <param name="Attribute">The attribute, such as <c>period</c>.</param>
/// <param name="Wanted">What it should be.</param>
/// <param name="Found">What it is.</param>
public sealed record AlarmDifference(string Attribute, string Wanted, string Found)
{
    public override string ToString() => $"{Attribute} is {Found}, should be {Wanted}";
}
