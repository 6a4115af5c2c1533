using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using Salvor.Platform;

namespace Salvor.Repository;

/// <summary>A part of an object's name that no other object has: 12 hex digits of time, 8 of chance.</summary>
/// <remarks>The time only makes names sort by age, as far as clocks are right; nothing depends on it.</remarks>
public readonly record struct ObjectId
{
    public const int Length = 20;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private ObjectId(string value) => Value = value;

    public string Value { get; }

    public static ObjectId New(TimeProvider time, IEntropy entropy)
    {
        Span<byte> chance = stackalloc byte[sizeof(uint)];
        entropy.Fill(chance);
        var milliseconds = time.GetUtcNow().ToUnixTimeMilliseconds() & 0xFFFF_FFFF_FFFF;
        return new ObjectId(string.Create(
            CultureInfo.InvariantCulture, $"{milliseconds:x12}{BinaryPrimitives.ReadUInt32BigEndian(chance):x8}"));
    }

    public static bool TryParse(ReadOnlySpan<char> text, out ObjectId id)
    {
        var isId = text.Length == Length && !text.ContainsAnyExcept(HexDigits);
        id = isId ? new ObjectId(text.ToString()) : default;
        return isId;
    }

    public override string ToString() => Value;
}
