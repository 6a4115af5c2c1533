using System.Buffers;

namespace Salvor.Formats.Etcd.Replay;

/// <summary>Where a replay finds the values that it does not hold, and puts the entries that it makes.</summary>
/// <remarks>
/// A replay keeps no values: it appends each new entry here, in revision order, and asks for a value back only where a
/// request compares it or keeps it.
/// </remarks>
public interface IReplayStore
{
    /// <summary>Reads what the base holds at a revision: an encoded <see cref="KeyValue"/>.</summary>
    /// <returns>False when it can't be read.</returns>
    bool TryReadBase(Revision revision, IBufferWriter<byte> keyValue);

    /// <summary>Takes a new entry of the <c>key</c> bucket.</summary>
    /// <returns>Its place, for <see cref="TryReadBack"/>; never negative.</returns>
    long Append(RevisionKey key, ReadOnlySpan<byte> keyValue);

    /// <summary>Reads an appended entry's encoded <see cref="KeyValue"/>.</summary>
    bool TryReadBack(long place, IBufferWriter<byte> keyValue);
}
