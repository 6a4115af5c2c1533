using System.Security.Cryptography;

namespace Salvor.Platform;

/// <summary>The operating system's random numbers.</summary>
public sealed class OsEntropy : IEntropy
{
    public void Fill(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);
}
