using Salvor.ObjectStore;

namespace Salvor.Tests.Conformance;

public sealed class MemoryStoreTests : ObjectStoreContract
{
    protected override Task<IObjectStore> OpenAsync() => Task.FromResult<IObjectStore>(new MemoryStore());
}
