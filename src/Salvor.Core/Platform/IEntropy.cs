namespace Salvor.Platform;

/// <summary>Unpredictable bytes, for tokens and keys. Tests hand in a seeded one.</summary>
public interface IEntropy
{
    void Fill(Span<byte> bytes);
}
