using System.Buffers.Binary;
using Salvor.Errors;
using Salvor.ObjectStore;
using Salvor.ObjectStore.Decorators;
using Salvor.ObjectStore.Local;
using Salvor.Platform;
using Salvor.Providers.S3;

namespace Salvor.Providers;

/// <summary>A store in use, with everything around it: measured, held to its rates, and tried again.</summary>
public sealed class OpenStore : IDisposable
{
    private readonly IDisposable? _owned;

    private OpenStore(IObjectStore store, IDisposable? owned)
    {
        Store = store;
        _owned = owned;
    }

    public IObjectStore Store { get; }

    /// <param name="options">Which store, and how.</param>
    /// <param name="files">The disk of a directory store, and of certificates.</param>
    /// <param name="pool">Where a directory store does its work.</param>
    /// <param name="entropy">For names of temporaries and the draw of waits.</param>
    /// <param name="time">The clock.</param>
    /// <param name="metrics">Where calls are counted.</param>
    /// <exception cref="SalvorException">The options are wrong, or a file that they name can't be read.</exception>
    public static OpenStore Open(
        StoreOptions options, IFileSystem files, ICpuPool pool, IEntropy entropy, TimeProvider time,
        StoreMetrics metrics)
    {
        if (options.Validate() is { Count: > 0 } faults)
        {
            throw new SalvorException(ErrorCode.Usage, string.Join(' ', faults));
        }

        IObjectStore inner = options.S3 is { } s3
            ? new S3Store(s3, files, time)
            : new LocalStore(options.Local!, files, pool, entropy, time);
        // Measured innermost, since every attempt is a request that is paid for.
        var measured = new MeteredStore(inner, metrics, time);
        var limited = new RateLimitedStore(measured, options.RateLimit, time);
        var retrying = new RetryingStore(limited, options.Retry, new Random(SeedOf(entropy)), time);
        return new OpenStore(retrying, inner as IDisposable);
    }

    public void Dispose() => _owned?.Dispose();

    private static int SeedOf(IEntropy entropy)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        entropy.Fill(bytes);
        return BinaryPrimitives.ReadInt32LittleEndian(bytes);
    }
}
