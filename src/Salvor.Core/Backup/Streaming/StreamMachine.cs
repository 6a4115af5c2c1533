using System.Buffers.Binary;
using Salvor.Platform;

namespace Salvor.Backup.Streaming;

/// <summary>The machine that a stream runs on.</summary>
public sealed record StreamMachine(ICpuPool Pool, IEntropy Entropy, TimeProvider Time)
{
    /// <summary>
    /// Where snapshots compute. A segment has changes waiting for it; a snapshot has time, and gives way to etcd.
    /// </summary>
    public ICpuPool BackgroundPool { get; init; } = Pool;

    /// <summary>Chance that spreads tries over time; no secret depends on it.</summary>
    internal Random Jitter()
    {
        Span<byte> seed = stackalloc byte[sizeof(int)];
        Entropy.Fill(seed);
        return new Random(BinaryPrimitives.ReadInt32LittleEndian(seed));
    }
}
