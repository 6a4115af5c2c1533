using System.Buffers.Binary;
using System.Globalization;
using Salvor.Platform;

namespace Salvor.Repository.Keys;

/// <summary>Which repository: 16 random bytes, made once, written as 32 hex digits. No secret.</summary>
public readonly record struct RepositoryId
{
    public const int SizeBytes = 16;

    /// <summary>The length of its text.</summary>
    public const int TextLength = 2 * SizeBytes;

    private readonly UInt128 _value;

    /// <param name="bytes">Exactly <see cref="SizeBytes"/>.</param>
    public RepositoryId(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, SizeBytes);
        _value = BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private RepositoryId(UInt128 value) => _value = value;

    public static RepositoryId New(IEntropy entropy)
    {
        Span<byte> bytes = stackalloc byte[SizeBytes];
        entropy.Fill(bytes);
        return new RepositoryId(bytes);
    }

    /// <summary>Reads 32 lower-case hex digits; nothing else is an id.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out RepositoryId id)
    {
        var isId = text.Length == TextLength && !text.ContainsAnyInRange('A', 'F');
        isId &= UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value);
        id = isId ? new RepositoryId(value) : default;
        return isId;
    }

    /// <summary>Writes the <see cref="SizeBytes"/> bytes.</summary>
    public void CopyTo(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, _value);

    public override string ToString() => _value.ToString("x32", CultureInfo.InvariantCulture);
}
