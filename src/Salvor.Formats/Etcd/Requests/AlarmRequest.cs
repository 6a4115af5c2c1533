namespace Salvor.Formats.Etcd.Requests;

/// <summary>Raises or clears an alarm.</summary>
/// <param name="Action">Which of the two; other numbers do nothing.</param>
/// <param name="Member">The member that it is about.</param>
/// <param name="Alarm">Which alarm; numbers unknown to us stay as they are.</param>
public readonly record struct AlarmRequest(AlarmAction Action, MemberId Member, AlarmKind Alarm)
{
    public static bool TryParse(ReadOnlySpan<byte> body, out AlarmRequest request)
    {
        var parsed = Numbers.TryParse(body, out var action, out var member, out var alarm);
        request = new AlarmRequest((AlarmAction)(int)Math.Min(action, 100), new MemberId(member),
            (AlarmKind)(int)Math.Min(alarm, int.MaxValue));
        return parsed;
    }
}
