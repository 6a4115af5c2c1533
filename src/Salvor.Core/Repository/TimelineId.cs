using System.Globalization;

namespace Salvor.Repository;

/// <summary>The incarnation of a cluster, from 1 on.</summary>
public readonly record struct TimelineId(int Value)
{
    /// <summary>As it stands in names.</summary>
    public string Name => Value.ToString("d8", CultureInfo.InvariantCulture);

    public TimelineId Next => new(checked(Value + 1));

    public static bool TryParse(ReadOnlySpan<char> text, out TimelineId id)
    {
        var isId = text.Length == 8
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value > 0;
        id = isId ? new TimelineId(int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture)) : default;
        return isId;
    }

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
