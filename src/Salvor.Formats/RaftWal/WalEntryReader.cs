using Salvor.Formats.Raft;

namespace Salvor.Formats.RaftWal;

/// <summary>Reads the entries of a scanned log, best in order.</summary>
public sealed class WalEntryReader(WalLog log)
{
    private WalFrameReader? _frames;
    private int _segment = -1;

    /// <summary>The entry at an index of the log's unbroken run, valid until the next read.</summary>
    /// <exception cref="CorruptDataException">The file changed since it was scanned.</exception>
    public Entry Read(ulong index)
    {
        var position = log.Entries[index];
        if (position.Segment != _segment)
        {
            _frames = new WalFrameReader(log.Segments[position.Segment].Source);
            _segment = position.Segment;
        }

        if (_frames!.TryReadPayloadAt(position.Offset, out var payload)
            && WalRecord.TryParse(payload, out var record) && Entry.TryParse(record.Data, out var entry)
            && entry.Index == index)
        {
            return entry;
        }

        throw new CorruptDataException(log.Segments[position.Segment].Source.Name, position.Offset,
            $"entry {index} is no longer where it was");
    }
}
