using System.Buffers;

namespace Salvor.ObjectStore;

/// <summary>
/// An object's name inside a store: segments of lower-case letters, digits, '.', '_' and '-', joined by '/'.
/// </summary>
/// <remarks>
/// The alphabet is what every store takes unescaped and no file system folds together. No segment is "." or "..", none
/// is empty, and no object's name may be the start of another's path ("a" beside "a/b"): a directory could not hold
/// both.
/// </remarks>
public readonly record struct ObjectName
{
    public const int LengthMax = 200;

    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

    private readonly string? _value;

    /// <exception cref="ArgumentException">The text is no object's name.</exception>
    public ObjectName(string value)
    {
        if (!IsValid(value))
        {
            throw new ArgumentException($"'{value}' is not the name of an object.", nameof(value));
        }

        _value = value;
    }

    public string Value => _value ?? throw new InvalidOperationException("An object's name was never set.");

    public static bool IsValid(string? text)
    {
        if (text is null || text.Length is 0 or > LengthMax)
        {
            return false;
        }

        foreach (var range in text.AsSpan().Split('/'))
        {
            if (text.AsSpan(range) is "" or "." or ".." || text.AsSpan(range).ContainsAnyExcept(Alphabet))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The name in the text, if it is one. What else lies in a store is not ours.</summary>
    public static bool TryParse(string? text, out ObjectName name)
    {
        var isValid = IsValid(text);
        name = isValid ? new ObjectName(text!) : default;
        return isValid;
    }

    public override string ToString() => _value ?? "";
}
