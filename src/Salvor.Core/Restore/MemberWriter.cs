using System.Buffers;
using Salvor.DataDirectory;
using Salvor.Formats.Etcd;
using Salvor.Formats.Raft;
using Salvor.Formats.RaftWal;
using Salvor.Formats.Snap;
using Salvor.Platform;

namespace Salvor.Restore;

/// <summary>
/// Writes the three files that make a member: backend, log and snap file, which must agree on one raft index.
/// </summary>
/// <remarks>
/// Index and term are (1, 1), as a bootstrap member's: the log says that this member joined, and that a raft snapshot
/// of that moment exists; the snap file is that snapshot, with the membership as the v2 store had it. Without them etcd
/// would start as well, but a member that joins later would be sent an empty keyspace.
/// </remarks>
internal sealed class MemberWriter(IFileSystem files, MemberLayout layout)
{
    public const ulong RaftIndex = 1;
    public const ulong RaftTerm = 1;

    /// <summary>Length that etcd reserves for a log segment.</summary>
    private const long WalBytes = 64_000_000;

    /// <summary>Writes the backend and flushes it.</summary>
    public BackendWriter WriteBackend(IBackendContent content, BackendEdits edits, int leafPages)
    {
        using var file = files.CreateNew(layout.Database, MemberLayout.FileMode);
        var writer = new BackendWriter(content, edits, new DatabaseSink(file), leafPages);
        writer.Write();
        file.FlushToDisk();
        return writer;
    }

    /// <summary>Writes log and snap file and flushes them.</summary>
    public void WriteRaft(MemberRecord member, ClusterId cluster)
    {
        var voters = new ConfState { Voters = [member.Id.Value] };
        WriteFile(Path.Combine(layout.Wal, new WalFileName(0, 0).ToString()), EncodeWal(member, cluster, voters),
            WalBytes);

        var metadata = new SnapshotMetadata(voters, RaftIndex, RaftTerm);
        var snap = new SnapFile(metadata, MinimalStore.Encode(member.Id.Value, member.PeerUrls));
        WriteFile(Path.Combine(layout.Snap, new SnapFileName(RaftTerm, RaftIndex).ToString()), snap.Encode(),
            reservedBytes: 0);
    }

    private static ReadOnlySpan<byte> EncodeWal(MemberRecord member, ClusterId cluster, ConfState voters)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var wal = new WalWriter(bytes);
        wal.WriteCrc(0);
        wal.WriteMetadata(new WalMetadata(member.Id.Value, cluster.Value));
        wal.WriteSnapshot(new WalSnapshot(Index: 0, Term: 0, ConfState: null));
        var joined = new ArrayBufferWriter<byte>();
        new ConfChange(0, ConfChangeKind.AddVoter, member.Id.Value, (member with { ClientUrls = [] }).ToJson())
            .WriteTo(new(joined));
        wal.WriteEntry(new Entry(EntryKind.ConfChange, RaftTerm, RaftIndex, joined.WrittenSpan));
        wal.WriteState(new HardState(RaftTerm, Vote: member.Id.Value, Commit: RaftIndex));
        wal.WriteSnapshot(new WalSnapshot(RaftIndex, RaftTerm, voters));
        return bytes.WrittenSpan;
    }

    private void WriteFile(string path, ReadOnlySpan<byte> content, long reservedBytes)
    {
        using var file = files.CreateNew(path, MemberLayout.FileMode);
        if (reservedBytes > 0)
        {
            file.Preallocate(reservedBytes);
        }

        file.WriteAt(0, content);
        file.FlushToDisk();
    }
}
