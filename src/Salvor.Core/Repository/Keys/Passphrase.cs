using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Salvor.Errors;

namespace Salvor.Repository.Keys;

/// <summary>A passphrase. Each look at a slot costs a guesser 600,000 rounds of HMAC-SHA-512.</summary>
public sealed class Passphrase : SlotSecret
{
    public const string SlotKind = "passphrase";

    /// <summary>The fewest characters of a new one. Whoever may read the store can guess as long as they like.</summary>
    public const int LengthMin = 12;

    public const int LengthMax = 1024;

    internal const int IterationsMin = 600_000;
    internal const int IterationsMax = 100_000_000;

    private readonly byte[] _utf8;

    /// <param name="text">What was typed or read, without a line end.</param>
    /// <exception cref="SalvorException">It is empty or far too long.</exception>
    public Passphrase(string text)
    {
        if (text.Length is 0 or > LengthMax)
        {
            throw new SalvorException(ErrorCode.Usage, text.Length == 0
                ? "The passphrase is empty."
                : $"The passphrase is longer than {LengthMax} characters.");
        }

        Length = text.Length;
        _utf8 = GC.AllocateArray<byte>(Encoding.UTF8.GetByteCount(text), pinned: true);
        Encoding.UTF8.GetBytes(text, _utf8);
    }

    public override string Kind => SlotKind;

    public override string Description => "the passphrase";

    /// <summary>In characters.</summary>
    public int Length { get; }

    internal override int? Iterations => IterationsMin;

    internal override void DeriveWrappingKey(ReadOnlySpan<byte> salt, int? iterations, Span<byte> wrappingKey)
    {
        Debug.Assert(iterations is >= IterationsMin and <= IterationsMax, "A slot's reader bounds them.");
        Rfc2898DeriveBytes.Pbkdf2(_utf8, salt, wrappingKey, iterations.Value, HashAlgorithmName.SHA512);
    }

    protected override void Dispose(bool disposing) => CryptographicOperations.ZeroMemory(_utf8);
}
