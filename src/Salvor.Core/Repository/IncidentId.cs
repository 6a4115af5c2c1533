using System.Globalization;

namespace Salvor.Repository;

/// <summary>The number of an incident of a cluster, from 1 on, without gaps.</summary>
public readonly record struct IncidentId(int Value)
{
    private const int Digits = 8;

    /// <summary>As it stands in names.</summary>
    public string Name => Value.ToString("d8", CultureInfo.InvariantCulture);

    public IncidentId Next => new(checked(Value + 1));

    public static bool TryParse(ReadOnlySpan<char> text, out IncidentId id)
    {
        id = default;
        if (text.Length != Digits
            || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            || value < 1)
        {
            return false;
        }

        id = new IncidentId(value);
        return true;
    }

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
