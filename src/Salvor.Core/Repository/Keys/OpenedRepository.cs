using Salvor.ObjectStore;
using Salvor.Platform;

namespace Salvor.Repository.Keys;

/// <summary>A repository whose key is known: what every reader and writer of its objects begins with.</summary>
/// <param name="store">Where its objects are. The caller's: it is not disposed of here.</param>
/// <param name="descriptor">What its descriptor says.</param>
/// <param name="key">Owned from here on, and cleared when this is disposed of.</param>
/// <param name="slot">The slot that opened it.</param>
public sealed class OpenedRepository(
    IObjectStore store, RepositoryDescriptor descriptor, RepositoryKey key, ObjectName slot) : IDisposable
{
    public IObjectStore Store { get; } = store;

    public RepositoryId Id => Descriptor.Id;

    public RepositoryDescriptor Descriptor { get; } = descriptor;

    public RepositoryKey Key { get; } = key;

    public ObjectName Slot { get; } = slot;

    /// <summary>What reads and writes its sealed objects, for as long as this is not disposed of.</summary>
    public OpenRepository ForObjects(IEntropy entropy) => new(Store, new ObjectSealer(Id, Key, entropy));

    public void Dispose() => Key.Dispose();
}
