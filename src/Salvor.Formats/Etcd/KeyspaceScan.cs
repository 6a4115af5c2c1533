using System.Globalization;
using Salvor.Formats.Findings;

namespace Salvor.Formats.Etcd;

/// <summary>Takes the entries of the <c>key</c> bucket in order, and holds each against what came before it.</summary>
/// <remarks>
/// Above the compaction revision nothing may be missing: main revisions follow each other without gaps, sub revisions
/// count
/// from 0, each key's version grows by one from the put that created it, and a tombstone ends a life. At or below it
/// only the
/// newest entry of a live key is left (and, while a compaction is under way, some of those to be removed). A jump of
/// the
/// revision upwards is legal once, where a restore raised it: that leaves an entry without any content.
/// </remarks>
/// <param name="source">The file's name for findings.</param>
/// <param name="meta">The backend's meta bucket, which has the compaction revisions.</param>
/// <param name="findings">Told of every broken rule.</param>
public sealed class KeyspaceScan(string source, BackendMeta meta, IFindingSink findings)
{
    private readonly long _compactRevision = meta.CompactRevision;
    private Revision _last;

    public KeyIndex Keys { get; } = new();

    /// <summary>Entries seen: puts and tombstones.</summary>
    public long EntryCount { get; private set; }

    public long TombstoneCount { get; private set; }

    /// <summary>Keys that are live at the end.</summary>
    public long LiveKeyCount { get; private set; }

    /// <summary>The oldest main revision that is stored; 0 when nothing is.</summary>
    public long FirstRevision { get; private set; }

    /// <summary>The main revision at and below which history is gone.</summary>
    public long CompactRevision => _compactRevision;

    /// <summary>The revision that etcd starts at with this keyspace; a fresh store is at 1.</summary>
    public long HeadRevision => Math.Max(1, Math.Max(_last.Main, _compactRevision));

    /// <summary>Takes in the next entry.</summary>
    /// <param name="key">Its 17 or 18 bytes.</param>
    /// <param name="value">Its value.</param>
    /// <param name="offset">Offset of the page that holds it, for findings.</param>
    public void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long offset)
    {
        EntryCount++;
        if (!RevisionKey.TryRead(key, out var entry))
        {
            Report(Severity.Error, "keyspace.key", offset,
                $"entry {EntryCount}: {Convert.ToHexStringLower(key[..Math.Min(key.Length, 32)])} is no revision");
            return;
        }

        CheckOrder(entry.Revision, value.IsEmpty, offset);
        _last = entry.Revision;
        FirstRevision = FirstRevision == 0 ? entry.Revision.Main : FirstRevision;
        if (!KeyValue.TryRead(value, out var content))
        {
            Report(Severity.Error, "keyspace.value", offset,
                $"revision {entry.Revision}: the value is no KeyValue message");
            return;
        }

        if (entry.IsTombstone)
        {
            AddTombstone(entry.Revision, content, key.Length + value.Length, offset);
        }
        else
        {
            AddPut(entry.Revision, content, key.Length + value.Length, offset);
        }
    }

    private void CheckOrder(Revision revision, bool isEmpty, long offset)
    {
        if (revision <= _last)
        {
            Report(Severity.Error, "keyspace.order", offset, $"revision {revision} stands after {_last}");
            return;
        }

        if (revision.Main <= _compactRevision)
        {
            return;
        }

        // What must come next: the next change of the same transaction, or the first of the next one.
        // Counted down, since a damaged number may be the greatest there is.
        var floor = Math.Max(_last.Main, Math.Max(_compactRevision, 1));
        var isNext = revision.Main == _last.Main
            ? revision.Sub - 1 == _last.Sub
            : revision.Sub == 0 && (revision.Main - 1 == floor || isEmpty);
        if (!isNext)
        {
            Report(Severity.Error, "keyspace.gap", offset,
                $"revision {revision} follows {_last}: what was between them is missing (compacted up to "
                    + $"{_compactRevision})");
        }
    }

    private void AddTombstone(Revision revision, KeyValue content, int storedBytes, long offset)
    {
        TombstoneCount++;
        if (content.ModRevision != 0 || content.CreateRevision != 0 || content.Version != 0 || !content.Value.IsEmpty
            || content.Lease != 0)
        {
            Report(Severity.Warning, "keyspace.tombstone", offset,
                $"the tombstone at {revision} holds more than its key");
        }

        ref var state = ref Keys.Update(content.Key, out _);
        if (!state.IsLive && revision.Main > _compactRevision)
        {
            Report(Severity.Error, "keyspace.delete", offset,
                $"revision {revision} deletes {Show(content.Key)}, which does not exist then");
        }

        LiveKeyCount -= state.IsLive && !content.Key.IsEmpty ? 1 : 0;
        state = new KeyState
        {
            Last = revision,
            StoredBytes = state.StoredBytes + storedBytes,
            Entries = state.Entries + 1,
        };
    }

    private void AddPut(Revision revision, KeyValue content, int storedBytes, long offset)
    {
        ref var state = ref Keys.Update(content.Key, out _);
        var isBump = storedBytes == RevisionKey.PutBytes;
        if (!isBump)
        {
            CheckPut(revision, content, state, offset);
        }

        LiveKeyCount += state.IsLive || content.Key.IsEmpty
            ? 0
            : 1; // What a raised revision left is no key to anybody.
        state = new KeyState
        {
            Last = revision,
            CreateRevision = content.CreateRevision,
            Version = content.Version,
            Lease = content.Lease,
            ValueBytes = content.Value.Length,
            StoredBytes = state.StoredBytes + storedBytes,
            Entries = state.Entries + 1,
            IsLive = true,
        };
    }

    private void CheckPut(Revision revision, KeyValue content, KeyState before, long offset)
    {
        if (content.ModRevision != revision.Main)
        {
            Report(Severity.Error, "keyspace.mod", offset,
                $"the entry at {revision} says it was changed at {content.ModRevision}");
        }

        if (content.Key.IsEmpty)
        {
            Report(Severity.Error, "keyspace.key.empty", offset, $"the entry at {revision} has no key");
        }

        var isFirstLeft = before.Entries == 0 && revision.Main <= _compactRevision;
        var isNext = before.IsLive
            ? content.Version >= 1 && content.Version - 1 == before.Version
                && content.CreateRevision == before.CreateRevision
            : content.Version == 1 && content.CreateRevision == revision.Main;

        // Below the compaction revision a tombstone may be gone, so a new life may follow an old one directly.
        var isNewLife = content.Version == 1 && content.CreateRevision == revision.Main;
        var isCompacted = revision.Main <= _compactRevision && (isFirstLeft || isNewLife);
        var isSane = content.Version >= 1 && content.CreateRevision >= 1 && content.CreateRevision <= revision.Main;
        if (!isSane || !(isNext || isCompacted))
        {
            Report(Severity.Error, "keyspace.version", offset,
                $"{Show(content.Key)} at {revision}: version {content.Version}, created at {content.CreateRevision}, "
                    + "does not follow "
                + (before.IsLive
                    ? $"version {before.Version}, created at {before.CreateRevision}"
                    : "a key that does not exist"));
        }
    }

    private void Report(Severity severity, string code, long offset, string message) =>
        findings.Report(new Finding(severity, code, source, offset, message));

    private static string Show(ReadOnlySpan<byte> key)
    {
        const int ShownBytesMax = 200;
        var shown = KeyText.Show(key[..Math.Min(key.Length, ShownBytesMax)]);
        return key.Length > ShownBytesMax
            ? string.Create(CultureInfo.InvariantCulture, $"{shown}... ({key.Length} bytes)")
            : shown;
    }
}
