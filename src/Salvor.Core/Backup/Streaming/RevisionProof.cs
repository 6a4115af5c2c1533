using Salvor.Formats.Checksums;
using Salvor.Repository.Log;

namespace Salvor.Backup.Streaming;

/// <summary>Enough of a revision's changes to know them again when etcd sends them once more.</summary>
/// <remarks>
/// Ids and indexes can't tell a member from its own past that was brought back by a disk image and has moved on since:
/// the same numbers then mean other changes. So a watch begins with the last revision that is known, and what comes
/// must be what was stored. A compaction may have taken deletes away, so a change that is missing proves nothing.
/// </remarks>
internal sealed class RevisionProof
{
    private const int ChangesMax = 1_000;

    private readonly HashSet<ulong> _sums = [];
    private bool _isWhole = true;

    public long Revision { get; private set; }

    public void Begin(long revision)
    {
        _sums.Clear();
        _isWhole = true;
        Revision = revision;
    }

    public void Add(ChangeKind kind, ReadOnlySpan<byte> bytes)
    {
        if (_sums.Count < ChangesMax)
        {
            _sums.Add(SumOf(kind, bytes));
        }
        else
        {
            _isWhole = false;
        }
    }

    /// <summary>Whether a change can be one of that revision.</summary>
    public bool Agrees(ChangeKind kind, ReadOnlySpan<byte> bytes) => !_isWhole || _sums.Contains(SumOf(kind, bytes));

    private static ulong SumOf(ChangeKind kind, ReadOnlySpan<byte> bytes) =>
        ((ulong)(uint)bytes.Length << 33) | ((ulong)kind << 32) | Crc32C.Append(0, bytes);
}
