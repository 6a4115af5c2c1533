using Salvor.ObjectStore;
using Salvor.ObjectStore.Local;
using Salvor.Platform;
using Salvor.Platform.Linux;

namespace Salvor.Tests.Conformance;

public sealed class LocalStoreTests : ObjectStoreContract
{
    private readonly TempDirectory _temporary = new();

    public override ValueTask DisposeAsync()
    {
        _temporary.Dispose();
        return base.DisposeAsync();
    }

    protected override Task<IObjectStore> OpenAsync() => Task.FromResult<IObjectStore>(new LocalStore(
        new LocalStoreOptions { Directory = _temporary.FullName },
        new LinuxFileSystem(),
        new ThreadCpuPool(),
        new OsEntropy(),
        TimeProvider.System));
}
