using System.Buffers;

namespace Salvor.Repository;

/// <summary>Who acts for a cluster: an agent or a guard, by a name that no other one of the cluster has.</summary>
/// <remarks>
/// A part of objects' names. It tells people who it was; no rule takes two processes of one name for one holder.
/// </remarks>
public readonly record struct HolderId
{
    public const int LengthMax = 64;

    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

    private readonly string? _value;

    private HolderId(string value) => _value = value;

    public string Value => _value ?? throw new InvalidOperationException("A holder was never named.");

    public static bool TryParse(string? text, out HolderId id)
    {
        var isId = text is { Length: > 0 and <= LengthMax } and not ("." or "..")
            && !text.AsSpan().ContainsAnyExcept(Alphabet);
        id = isId ? new HolderId(text!) : default;
        return isId;
    }

    public override string ToString() => _value ?? "";
}
