using Salvor.Errors;
using Salvor.ObjectStore;
using Salvor.ObjectStore.Local;
using Salvor.Platform;

namespace Salvor.Configuration;

/// <summary>Makes the store that a location names.</summary>
internal static class StoreFactory
{
    /// <summary>The store. Nothing is read or made yet.</summary>
    public static IObjectStore Open(
        RepositoryConfig settings, IFileSystem files, ICpuPool pool, IEntropy entropy, TimeProvider time)
    {
        var location = settings.Location ?? throw new ArgumentException("No location is set.", nameof(settings));
        return StoreLocation.IsS3(location)
            ? throw new SalvorException(ErrorCode.Usage, $"{location}: buckets can't be used yet.")
            : new LocalStore(new LocalStoreOptions { Directory = location }, files, pool, entropy, time);
    }
}
