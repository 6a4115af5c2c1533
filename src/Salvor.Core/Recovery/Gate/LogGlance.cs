using Salvor.DataDirectory;
using Salvor.Formats;
using Salvor.Formats.Raft;
using Salvor.Formats.RaftWal;

namespace Salvor.Recovery.Gate;

/// <summary>The last segment of a log, read as etcd reads it, as far as there is time.</summary>
internal sealed class LogGlance
{
    private LogGlance()
    {
    }

    /// <summary>Whose log it is; null where the segment does not say.</summary>
    public WalMetadata? Metadata { get; private set; }

    /// <summary>The last entry, or the one before the segment's first.</summary>
    public ulong LastIndex { get; private set; }

    /// <summary>Up to where etcd knew the log to be committed, by this segment alone.</summary>
    public ulong Commit { get; private set; }

    /// <summary>What is wrong, as a sentence; null when nothing is.</summary>
    public string? Fault { get; private set; }

    /// <summary>Whether it ends in a write that a crash cut short, which etcd takes away.</summary>
    public bool HasTornTail { get; private set; }

    /// <summary>Whether the time was enough to read it to its end.</summary>
    public bool IsWhole { get; private set; }

    /// <exception cref="CorruptDataException">A record is damaged, and not by a crash in the middle of a write.
    /// </exception>
    public static LogGlance Read(WalSegments segments, CancellationToken patience)
    {
        var glance = new LogGlance { Fault = GapIn(segments) };
        var last = segments.All[^1];
        glance.LastIndex = last.Name.Index == 0 ? 0 : last.Name.Index - 1;
        var reader = new WalReader([last]);
        while (glance.Fault is null && !patience.IsCancellationRequested && reader.TryRead(out var record))
        {
            glance.Take(record, last, reader.Position.Offset);
        }

        glance.IsWhole = reader.Fault == WalFault.EndOfData || reader.IsTorn;
        glance.HasTornTail = reader.IsTorn;
        if (glance.Fault is null)
        {
            reader.RequireCleanEnd();
        }

        glance.Fault ??= glance.IsWhole ? glance.FaultOfWhole(last) : null;
        return glance;
    }

    private static string? GapIn(WalSegments segments)
    {
        for (var i = 1; i < segments.All.Count; i++)
        {
            var (before, after) = (segments.All[i - 1].Name.Sequence, segments.All[i].Name.Sequence);
            if (after == 0 || after - 1 != before)
            {
                return $"segment {after} of the log follows segment {before}: those between are missing.";
            }
        }

        return null;
    }

    private void Take(WalRecord record, WalSegment segment, long offset)
    {
        var isGood = record.Kind switch
        {
            WalRecordKind.Metadata => TakeMetadata(record.Data),
            WalRecordKind.Entry => TakeEntry(record.Data),
            WalRecordKind.State => TakeState(record.Data),
            WalRecordKind.Snapshot => TakeSnapshot(record.Data),
            _ => true,
        };
        Fault = isGood
            ? null
            : $"{segment.Source.Name}, offset {offset}: what should be of kind {record.Kind} is none.";
    }

    private bool TakeMetadata(ReadOnlySpan<byte> data)
    {
        var isGood = WalMetadata.TryParse(data, out var metadata) && (Metadata is null || Metadata == metadata);
        Metadata ??= isGood ? metadata : null;
        return isGood;
    }

    private bool TakeEntry(ReadOnlySpan<byte> data)
    {
        var isGood = Entry.TryParse(data, out var entry);
        LastIndex = isGood ? entry.Index : LastIndex;
        return isGood;
    }

    private bool TakeState(ReadOnlySpan<byte> data)
    {
        var isGood = HardState.TryParse(data, out var state);
        Commit = isGood ? state.Commit : Commit;
        return isGood;
    }

    private bool TakeSnapshot(ReadOnlySpan<byte> data)
    {
        var isGood = WalSnapshot.TryParse(data, out var snapshot);
        LastIndex = isGood ? Math.Max(LastIndex, snapshot.Index) : LastIndex;
        return isGood;
    }

    private string? FaultOfWhole(WalSegment last) =>
        Metadata is null ? $"{last.Source.Name} does not say whose log it is."
        : Commit > LastIndex
            ? $"entries up to {Commit} were committed, and the log in {last.Source.Name} ends at {LastIndex}."
            : null;
}
