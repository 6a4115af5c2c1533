using System.Buffers.Binary;
using Salvor.ObjectStore;
using Salvor.ObjectStore.Decorators;
using Salvor.ObjectStore.Local;
using Salvor.Platform;
using Salvor.Providers.S3;

namespace Salvor.Configuration;

/// <summary>Makes the store that a location names.</summary>
internal static class StoreFactory
{
    /// <summary>The store, which tries again what fails for a while only. Nothing is read or made yet.</summary>
    /// <param name="settings">Without faults, and with a location.</param>
    /// <param name="files">For directories, and for the files that say how a bucket is reached.</param>
    /// <param name="pool">For a directory's system calls.</param>
    /// <param name="entropy">For temporary names, and for waits that do not fall into step.</param>
    /// <param name="time">For waits and limits of time.</param>
    public static IObjectStore Open(
        RepositoryConfig settings, IFileSystem files, ICpuPool pool, IEntropy entropy, TimeProvider time)
    {
        var location = settings.Location ?? throw new ArgumentException("No location is set.", nameof(settings));
        if (!StoreLocation.IsS3(location))
        {
            return new LocalStore(new LocalStoreOptions { Directory = location }, files, pool, entropy, time);
        }

        Span<byte> seed = stackalloc byte[sizeof(int)];
        entropy.Fill(seed);
        var random = new Random(BinaryPrimitives.ReadInt32LittleEndian(seed));
        var bucket = new S3Store(settings.ToS3StoreOptions(), files, time);
        return new RetryingStore(bucket, new RetryOptions(), random, time);
    }
}
