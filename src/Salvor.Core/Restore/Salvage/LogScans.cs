using Salvor.Formats.Findings;
using Salvor.Formats.RaftWal;

namespace Salvor.Restore.Salvage;

/// <summary>Scans of one log, each kept for the next base that it serves too.</summary>
/// <remarks>
/// The first scan keeps what follows the newest base only, which is all that a directory without much damage needs. The
/// second keeps the whole log, so that no further one is needed unless a base stands behind a gap.
/// </remarks>
/// <param name="segments">The log's files.</param>
/// <param name="findings">Takes what the first scan finds; the others would say the same.</param>
/// <param name="ct">Ends a scan between two records.</param>
internal sealed class LogScans(IReadOnlyList<WalSegment> segments, IFindingSink findings, CancellationToken ct)
{
    private WalLog? _newest;

    /// <summary>How often the log's files were read.</summary>
    public int Count { get; private set; }

    /// <summary>A scan that finds the entries from an index on, as far as no index is missing.</summary>
    public WalLog From(ulong index)
    {
        if (_newest is null)
        {
            return Scan(index);
        }

        if (!Serves(_newest, index) && _newest.FirstIndexSeen is { } first && first < index)
        {
            Scan(first);
        }

        return Serves(_newest, index) ? _newest : Scan(index);
    }

    /// <summary>
    /// Whether a run that begins earlier holds the same entries from an index on as one that begins there.
    /// </summary>
    private static bool Serves(WalLog log, ulong index) =>
        log.Entries.FirstIndex == index
        || (log.Entries.FirstIndex < index && (index - 1 <= log.Entries.LastIndex || index > log.LastIndexSeen));

    private WalLog Scan(ulong index)
    {
        var sink = Count++ == 0 ? findings : NoFindings.Instance;
        _newest = WalScanner.Scan(segments, index, sink, ct);
        return _newest;
    }
}
