using Salvor.Formats.Findings;
using Salvor.Formats.Raft;

namespace Salvor.Formats.RaftWal;

/// <summary>Reads all that survives of a WAL, reports what does not, and never gives up before the end.</summary>
/// <remarks>
/// A record whose sum is wrong costs only itself, since its stored sum seeds the next check: if the next record
/// verifies on it,
/// the damage ends there. A damaged length field is rebuilt from the record's own fields. After worse damage the
/// scanner looks
/// for the next pair of frames that chain. Whether the log is still usable is then a question of its indexes alone.
/// </remarks>
public sealed class WalScanner
{
    /// <summary>A segment that is longer is closed, and the next one begun.</summary>
    private const long SegmentBytes = 64_000_000;

    private readonly WalLog _log;
    private readonly IFindingSink _findings;
    private readonly WalRepair _repair;
    private WalFrameReader _frames = null!;
    private uint _running;
    private int _segment;
    private ulong _lastIndex;
    private bool _chainIsKnown = true;

    // Whether what was lost last may have been an entry, with no entry behind it that would tell.
    private bool _mayHaveLostLastEntry;
    private bool _isForeign;
    private long _recordsGood;
    private long _goodBeforeSegment;

    private WalScanner(WalLog log, IFindingSink findings)
    {
        _log = log;
        _findings = findings;
        _repair = new WalRepair(log.Segments);
    }

    private bool IsLastSegment => _segment == _log.Segments.Count - 1;

    private string SourceName => _log.Segments[_segment].Source.Name;

    /// <summary>Scans segments, given in the order of their sequence numbers.</summary>
    /// <param name="segments">The files.</param>
    /// <param name="firstIndexWanted">Entries from this index on are kept findable.</param>
    /// <param name="findings">Takes everything that is wrong (codes <c>wal.*</c>).</param>
    /// <param name="ct">Ends the scan between records.</param>
    public static WalLog Scan(
        IReadOnlyList<WalSegment> segments, ulong firstIndexWanted, IFindingSink findings, CancellationToken ct)
    {
        var scanner = new WalScanner(new WalLog(segments, firstIndexWanted), findings);
        for (var i = 0; i < segments.Count; i++)
        {
            scanner.ScanSegment(i, ct);
        }

        scanner.CheckWhole();
        return scanner._log;
    }

    private void ScanSegment(int segment, CancellationToken ct)
    {
        _segment = segment;
        _frames = new WalFrameReader(_log.Segments[segment].Source);
        _isForeign = false;
        CheckSequence();
        _goodBeforeSegment = _recordsGood;
        for (long? offset = 0; offset is not null;)
        {
            ct.ThrowIfCancellationRequested();
            offset = Step(offset.Value);
        }

        if (_recordsGood == _goodBeforeSegment)
        {
            // etcd writes a segment's first records before it gives the file its name.
            _mayHaveLostLastEntry = true;
            Report(Severity.Error, WalFindings.SegmentEmpty, null, "Nothing in this segment can be read.");
        }
    }

    /// <summary>Takes the record at an offset; returns where to go on, or null at the segment's end.</summary>
    private long? Step(long offset)
    {
        var before = _running;
        var fault = WalChain.TryRead(_frames, offset, ref _running, out var frame, out var record);
        switch (fault)
        {
            case WalFault.None:
                _chainIsKnown = true;
                Take(record, offset);
                return frame.EndOffset;
            case WalFault.EndOfData:
                return AfterEnd(offset);
            case WalFault.ChainBreak:
                ReportChainBreak(offset, before, record.Crc);
                _running = record.Crc;
                return frame.EndOffset;
            case WalFault.CrcMismatch:
                return AfterMismatch(frame, record);
            default:
                return AfterBadFrame(offset, fault);
        }
    }

    private void ReportChainBreak(long offset, uint running, uint stored)
    {
        // After a record that was lost at a segment's end, the sum at that end is not known, and nothing more is wrong
        // here.
        if (_chainIsKnown)
        {
            Report(Severity.Error, WalFindings.ChainBreak, offset,
                $"The segment begins with the checksum {stored:x8}, but the one before it ended with {running:x8}.");
        }

        _chainIsKnown = true;
    }

    private long? AfterMismatch(WalFrame frame, WalRecord record)
    {
        // Frame and record live in the window, which looking ahead may move.
        var isEntry = record.Kind == WalRecordKind.Entry;
        var payloadBytes = frame.Payload.Length;
        var offset = frame.Offset;
        var end = frame.EndOffset;
        var stored = record.Crc;
        var computed = Checksums.Crc32C.Append(_running, record.Data);
        var torn = IsLastSegment && TornWrite.Explains(
            _frames.Bytes(offset + WalFrame.HeaderBytes, payloadBytes), offset + WalFrame.HeaderBytes);
        if (_repair.ContinuesAt(_segment, end, computed))
        {
            Report(Severity.Warning, WalFindings.CrcField, offset,
                "A record's stored checksum is damaged; the record after it proves that its data is good.");
            _running = computed;
            _ = WalChain.TryRead(_frames, offset, ref computed, out _, out var good);
            Take(good, offset);
            return end;
        }

        if (_repair.ContinuesAt(_segment, end, stored))
        {
            Report(Severity.Error, WalFindings.CrcMismatch, offset,
                "A record's checksum does not match; the records after it are good.");
            _running = stored;
            _mayHaveLostLastEntry |= isEntry;
            return end;
        }

        return Resync(offset, stored, torn, WalFault.CrcMismatch);
    }

    private long? AfterBadFrame(long offset, WalFault fault)
    {
        if (TryTakeWithoutLength(offset) is { } end)
        {
            return end;
        }

        var torn = IsLastSegment && (fault == WalFault.FrameBeyondEnd || IsTornBody(offset));
        return Resync(offset, WalRepair.GuessCrc(_frames.Bytes(offset + WalFrame.HeaderBytes, WalRepair.HeadBytes)),
            torn, fault);
    }

    /// <summary>Takes the record whose length field is damaged, or zero; returns where it ends, or null.</summary>
    private long? TryTakeWithoutLength(long offset)
    {
        var head = _frames.Bytes(offset + WalFrame.HeaderBytes, WalRepair.HeadBytes);
        var running = _running;
        if (!WalRepair.TryParseHead(head, out var kind, out _, out var payloadBytes) || kind == WalRecordKind.Crc
            || !_frames.TryReadBodyAt(offset, payloadBytes, out var payload)
            || !WalRecord.TryParse(payload, out var record)
            || WalChain.Advance(record, ref running) != WalFault.None)
        {
            return null;
        }

        Report(Severity.Warning, WalFindings.FrameLength, offset,
            "A record's length field is damaged; the record itself is whole, and its checksum is right.");
        _running = running;
        Take(record, offset);
        return offset + WalFrame.HeaderBytes + ((payloadBytes + 7L) / 8 * 8);
    }

    private bool IsTornBody(long offset) =>
        _frames.TryReadAt(offset, out var frame) is WalFault.None or WalFault.Malformed
        && TornWrite.Explains(frame.Payload, offset + WalFrame.HeaderBytes);

    private long? Resync(long offset, uint storedCrc, bool torn, WalFault fault)
    {
        var next = _repair.FindNext(_segment, offset + 8, storedCrc, out var running);
        if (next is not null)
        {
            _running = running;
            _mayHaveLostLastEntry = true;
            Report(Severity.Error, WalFindings.LostBytes, offset,
                $"{WalFaultText.Sentence(fault)} {next - offset} bytes are lost; good records follow at offset "
                    + $"{next}.");
            return next;
        }

        _chainIsKnown = false;
        _running = 0;
        if (torn)
        {
            _log.HasTornTail = true;
            Report(Severity.Warning, WalFindings.TornTail, offset,
                "The last write was cut short by a crash. etcd truncates it at its next start; it was never "
                    + "acknowledged.");
        }
        else
        {
            _log.HasCorruptTail |= IsLastSegment;
            Report(Severity.Error, WalFindings.CorruptTail, offset,
                $"{WalFaultText.Sentence(fault)} Nothing good follows in this file.");
        }

        return null;
    }

    private long? AfterEnd(long offset)
    {
        if (_repair.FirstDataAfter(_segment, offset) is not { } data)
        {
            _log.IsLastSegmentFull = IsLastSegment && offset >= SegmentBytes;
            return null;
        }

        if (TryTakeWithoutLength(offset) is { } end)
        {
            return end;
        }

        var next = _repair.FindNext(_segment, data & ~7L, _running, out var running);
        if (next is null)
        {
            _log.HasTornTail |= IsLastSegment;
            Report(Severity.Warning, WalFindings.DataAfterEnd, data,
                $"The segment's data ends at offset {offset}, yet something that is no record follows: a write that "
                    + "never completed.");
            return null;
        }

        Report(Severity.Error, WalFindings.LostBytes, offset,
            $"The segment seems to end here (zeros), but good records follow at offset {next}.");
        _mayHaveLostLastEntry = true;
        _running = running;
        return next;
    }

    private void Take(WalRecord record, long offset)
    {
        _recordsGood++;
        if (_isForeign)
        {
            return;
        }

        var taken = record.Kind switch
        {
            WalRecordKind.Metadata => TakeMetadata(record.Data, offset),
            WalRecordKind.Entry => TakeEntry(record.Data, offset),
            WalRecordKind.State => TakeState(record.Data),
            WalRecordKind.Snapshot => TakeSnapshot(record.Data),
            _ => true,
        };
        if (!taken)
        {
            Report(Severity.Error, WalFindings.BadData, offset,
                $"A {record.Kind} record's checksum is right, but its data is no such message.");
        }
    }

    private bool TakeMetadata(ReadOnlySpan<byte> data, long offset)
    {
        if (!WalMetadata.TryParse(data, out var metadata))
        {
            return false;
        }

        if (_log.Metadata is { } known && known != metadata)
        {
            Report(Severity.Error, WalFindings.MetadataDiffers, offset,
                $"This segment belongs to member {metadata.MemberId:x} of cluster {metadata.ClusterId:x}, "
                + $"the ones before it to {known.MemberId:x} of {known.ClusterId:x}.");
            // A segment says at its head whose it is. Elsewhere this is another record, of which the kind was damaged.
            _isForeign = _segment > 0 && _recordsGood - _goodBeforeSegment <= 2;
            _log.HasForeignSegment |= _isForeign;
        }

        _log.Metadata ??= metadata;
        return true;
    }

    private bool TakeEntry(ReadOnlySpan<byte> data, long offset)
    {
        if (!Entry.TryParse(data, out var entry))
        {
            return false;
        }

        var index = entry.Index;
        if (index == 0)
        {
            return false; // Raft counts from 1.
        }

        // A follower that got a snapshot from its leader goes on right after it.
        if (_lastIndex != 0 && index - 1 > _lastIndex && !_log.HasSnapshotAt(index - 1))
        {
            Report(Severity.Error, WalFindings.EntryGap, offset,
                $"Entries {_lastIndex + 1} to {index - 1} are missing before entry {index}.");
        }

        _lastIndex = index;
        _mayHaveLostLastEntry = false;
        _log.TakeRequest(entry);
        _log.Entries.TryAdd(index, _segment, offset);
        _log.FirstIndexSeen = Math.Min(_log.FirstIndexSeen ?? ulong.MaxValue, index);
        _log.LastIndexSeen = Math.Max(_log.LastIndexSeen ?? 0, index);
        if (entry.Kind == EntryKind.ConfChange && ConfChange.TryParse(entry.Data, out var change))
        {
            _log.AddMemberChange(new WalMemberChange(index, change.Kind, change.MemberId));
        }

        return true;
    }

    private bool TakeState(ReadOnlySpan<byte> data)
    {
        var parsed = HardState.TryParse(data, out var state);
        _log.State = parsed ? state : _log.State;
        return parsed;
    }

    private bool TakeSnapshot(ReadOnlySpan<byte> data)
    {
        var parsed = WalSnapshot.TryParse(data, out var snapshot);
        if (parsed)
        {
            _log.AddSnapshot(snapshot);
            _log.StartsFromSnapshot |= snapshot.Index > 0 && _log.FirstRequestIndex is null;
        }

        return parsed;
    }

    private void CheckSequence()
    {
        if (_segment == 0)
        {
            return;
        }

        var before = _log.Segments[_segment - 1].Name;
        var name = _log.Segments[_segment].Name;
        if (name.Sequence == 0 || name.Sequence - 1 != before.Sequence)
        {
            _chainIsKnown = false;
            Report(Severity.Error, WalFindings.SequenceGap, null,
                $"Segment {name.Sequence} follows segment {before.Sequence}: those between are missing.");
        }
    }

    private void CheckWhole()
    {
        if (_log.Segments.Count == 0)
        {
            return;
        }

        _segment = _log.Segments.Count - 1;
        _log.HasCorruptTail |= _mayHaveLostLastEntry;
        if (_log.Metadata is null)
        {
            Report(Severity.Error, WalFindings.NoMetadata, null,
                "No metadata record survives: whose log this is can't be told.");
        }

        if (_log.State is { } state && _log.LastIndexSeen is { } last && state.Commit > last)
        {
            Report(Severity.Error, WalFindings.CommitBeyondLog, null,
                $"Entries up to {state.Commit} were committed, but the log ends at {last}.");
        }
    }

    private void Report(Severity severity, string code, long? offset, string message)
    {
        _log.IsDamaged |= severity == Severity.Error;
        _findings.Report(new Finding(severity, code, SourceName, offset, message));
    }
}
