using System.Buffers.Binary;
using System.Security.Cryptography;
using Salvor.Repository.Log;

namespace Salvor.Repository.Keeping;

/// <summary>A sum over each revision's changes, by which two segments are compared, however they are cut.</summary>
internal sealed class RevisionSums : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Reads a segment to its end.</summary>
    public static RevisionSum[] Of(SegmentReader segment)
    {
        using var sums = new RevisionSums();
        var found = new List<RevisionSum>();
        while (segment.TryReadRevision())
        {
            while (segment.TryReadChange(out var change))
            {
                sums.Add(change);
            }

            found.Add(sums.Complete(segment.Time));
        }

        return [.. found];
    }

    /// <summary>Adds a change of the revision.</summary>
    public void Add(SegmentChange change)
    {
        Span<byte> head = stackalloc byte[sizeof(int) + 1];
        head[0] = (byte)change.Kind;
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], change.Bytes.Length);
        _hash.AppendData(head);
        _hash.AppendData(change.Bytes.Span);
    }

    /// <summary>The revision's sum. The next one begins.</summary>
    public RevisionSum Complete(DateTimeOffset time)
    {
        Span<byte> sum = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetHashAndReset(sum);
        return new RevisionSum(BinaryPrimitives.ReadUInt128LittleEndian(sum), time);
    }

    public void Dispose() => _hash.Dispose();
}
