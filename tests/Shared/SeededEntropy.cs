using Salvor.Platform;

namespace Salvor.Tests.Shared;

/// <summary>The same bytes for the same seed.</summary>
internal sealed class SeededEntropy(int seed) : IEntropy
{
    private readonly Random _random = new(seed);

    public void Fill(Span<byte> bytes) => _random.NextBytes(bytes);
}
