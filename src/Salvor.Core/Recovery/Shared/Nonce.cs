using System.Buffers;
using Salvor.Platform;

namespace Salvor.Recovery.Shared;

/// <summary>What makes each write of an object a different one: 128 random bits in hex.</summary>
internal static class Nonce
{
    public const int Length = 32;

    private const int Bytes = Length / 2;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    public static string New(IEntropy entropy)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        entropy.Fill(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    public static bool IsValid(string text) =>
        text.Length == Length && !text.AsSpan().ContainsAnyExcept(HexDigits);
}
