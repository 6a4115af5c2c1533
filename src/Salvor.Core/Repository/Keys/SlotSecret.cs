namespace Salvor.Repository.Keys;

/// <summary>What an operator holds, and what opens key slots of its kind: a key file or a passphrase.</summary>
/// <remarks>Cleared from memory when it is disposed of. It says nothing of itself in words but its name.</remarks>
public abstract class SlotSecret : IDisposable
{
    /// <summary>The kind of the slots that it opens, as slots write it.</summary>
    public abstract string Kind { get; }

    /// <summary>What it is for people, as in "the key file /etc/salvor/key". Never the secret itself.</summary>
    public abstract string Description { get; }

    /// <summary>The iterations that a new slot takes; null for kinds that need none.</summary>
    internal abstract int? Iterations { get; }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    public sealed override string ToString() => Description;

    /// <summary>Derives the key that wraps the repository key in one slot.</summary>
    /// <param name="salt">The slot's.</param>
    /// <param name="iterations">The slot's; null where its kind has none.</param>
    /// <param name="wrappingKey">32 bytes to fill; the caller's to clear.</param>
    internal abstract void DeriveWrappingKey(ReadOnlySpan<byte> salt, int? iterations, Span<byte> wrappingKey);

    protected abstract void Dispose(bool disposing);
}
