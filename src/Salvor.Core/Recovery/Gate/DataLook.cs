using System.Collections.Immutable;
using Salvor.DataDirectory;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.Formats.Snap;
using Salvor.Node.Identity;
using Salvor.Platform;

namespace Salvor.Recovery.Gate;

/// <summary>A glance at the data of an etcd that does not run: whole, and whose?</summary>
/// <remarks>
/// What is read does not grow with the database: both meta pages, a page or two of each level of its tree, the newest
/// snap file, and the log's last segment, which etcd closes at 64 MB. Nothing is locked and nothing is written. It is
/// no full check: salvor verify is.
/// </remarks>
public sealed class DataLook(IFileSystem files)
{
    /// <param name="layout">Where etcd's manifest says that the data is.</param>
    /// <param name="stamp">Whose it should be; null where nobody wrote it down.</param>
    /// <param name="patience">When it ends, the rest of the log is left unread.</param>
    public DataSighting Look(MemberLayout layout, NodeIdentity? stamp, CancellationToken patience)
    {
        try
        {
            return Judge(layout, stamp, patience);
        }
        catch (CorruptDataException e)
        {
            return DataSighting.Torn(e.Message);
        }
        catch (SalvorException e)
        {
            var isDamage = e.Code is ErrorCode.Corrupt or ErrorCode.WrongKind;
            return new DataSighting(isDamage ? DataState.Torn : DataState.Unreadable) { Detail = e.Message };
        }
    }

    private DataSighting Judge(MemberLayout layout, NodeIdentity? stamp, CancellationToken patience)
    {
        if (files.Stat(layout.Root) is not { } root)
        {
            return Empty($"there is no {layout.Root}.");
        }

        if (!root.IsDirectory)
        {
            return DataSighting.Torn($"{layout.Root} is no directory.");
        }

        using var segments = WalSegments.Open(files, layout.Wal);
        if (segments.All.Count == 0)
        {
            return WithoutLog(layout);
        }

        if (files.Stat(layout.Database) is null)
        {
            return DataSighting.Torn($"the database {layout.Database} is missing.");
        }

        var database = ReadDatabase(layout);
        CheckNewestSnapFile(layout);
        var log = LogGlance.Read(segments, patience);
        var sighting = Whose(log, stamp) with { Revision = database.Revision, Notes = NotesOf(database, log) };
        return (log.Fault ?? Disagreement(layout, database, log)) is { } fault
            ? sighting with { State = DataState.Torn, Detail = fault }
            : sighting;
    }

    private static DataSighting Empty(string detail) => new(DataState.Empty) { Detail = detail };

    private static DataSighting Whose(LogGlance log, NodeIdentity? stamp)
    {
        var cluster = log.Metadata is { } of ? NodeIdentity.Text(of.ClusterId) : null;
        var member = log.Metadata is { } by ? NodeIdentity.Text(by.MemberId) : null;
        var isForeign = stamp is not null && cluster is not null
            && (cluster != stamp.ClusterId || member != stamp.MemberId);
        return new DataSighting(isForeign ? DataState.Foreign : DataState.Good)
        {
            ClusterId = cluster,
            MemberId = member,
            Detail = isForeign
                ? $"it is of member {member} of cluster {cluster}, and this machine's etcd is member {stamp!.MemberId} "
                    + $"of cluster {stamp.ClusterId}."
                : null,
        };
    }

    private static ImmutableArray<string> NotesOf(DatabaseGlance database, LogGlance log) =>
    [
        .. database.HasBothMetas ? (string[])[] : ["one of the database's meta pages is bad: etcd takes the other."],
        .. log.HasTornTail ? (string[])["the log ends in a write that was cut short: etcd takes it away."] : [],
        .. log.IsWhole || log.Fault is not null
            ? (string[])[]
            : ["there was no time to read the log to its end: what was read of it is good."],
    ];

    private static string? Disagreement(MemberLayout layout, DatabaseGlance database, LogGlance log) =>
        log.IsWhole && database.AppliedIndex > log.LastIndex
            ? $"{layout.Database} has applied entry {database.AppliedIndex}, and the log ends at {log.LastIndex}: etcd "
                + "would drop the next writes."
            : null;

    private DatabaseGlance ReadDatabase(MemberLayout layout)
    {
        using var file = files.OpenRead(layout.Database);
        return DatabaseGlance.Read(file);
    }

    /// <summary>What a start that was refused leaves is no data; a database that lost its log is.</summary>
    private DataSighting WithoutLog(MemberLayout layout)
    {
        if (SnapFiles(layout).Any())
        {
            return DataSighting.Torn($"{layout.Wal} has no log, and {layout.Snap} has raft snapshots.");
        }

        if (files.Stat(layout.Database) is null)
        {
            return Empty($"{layout.Root} has no member.");
        }

        using var file = files.OpenRead(layout.Database);
        return DatabaseGlance.IsStub(file)
            ? Empty($"{layout.Database} holds nothing: a start that was refused leaves it so.")
            : DataSighting.Torn($"{layout.Wal} has no log, and {layout.Database} holds data: etcd would begin a new "
                + "cluster on it.");
    }

    /// <summary>Reads the one that etcd would take first.</summary>
    private void CheckNewestSnapFile(MemberLayout layout)
    {
        if (SnapFiles(layout).LastOrDefault() is { } newest)
        {
            using var file = files.OpenRead(Path.Combine(layout.Snap, newest));
            SnapFile.Read(file);
        }
    }

    /// <summary>In the order of their names, which is that of their terms and indexes.</summary>
    private IEnumerable<string> SnapFiles(MemberLayout layout) => files.Stat(layout.Snap) is { IsDirectory: true }
        ? files.List(layout.Snap).Where(name => SnapFileName.TryParse(name, out _))
        : [];
}
