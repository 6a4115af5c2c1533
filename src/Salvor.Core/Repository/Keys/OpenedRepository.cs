using Salvor.ObjectStore;

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

    public void Dispose() => Key.Dispose();
}
