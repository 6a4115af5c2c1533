using Salvor.DataDirectory;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.Formats.Findings;
using Salvor.Formats.RaftWal;
using Salvor.Formats.Snap;
using Salvor.Platform;

namespace Salvor.Restore.Salvage;

/// <summary>The files of a data directory, opened for reading.</summary>
internal sealed class SourceFiles : IDisposable
{
    private readonly List<IFile> _open = [];

    /// <summary>The database, if there is one with anything in it.</summary>
    public IFile? Database { get; private init; }

    /// <summary>Databases that a leader sent, and that were not yet put in the place of the member's own.</summary>
    public List<IFile> ReceivedDatabases { get; } = [];

    public List<WalSegment> Segments { get; } = [];

    /// <summary>The raft snapshots that could be read, oldest first.</summary>
    public List<SnapFile> Snapshots { get; } = [];

    public static SourceFiles Open(IFileSystem files, MemberLayout layout, IFindingSink findings)
    {
        if (files.Stat(layout.Root) is not { IsDirectory: true })
        {
            throw new SalvorException(ErrorCode.NotFound, $"There is no directory {layout.Root}.")
            {
                Hint = "Name the directory that etcd's --data-dir names; it holds one called member.",
            };
        }

        LiveEtcd.Refuse(files, layout);
        var database = files.Stat(layout.Database) is { IsFile: true, SizeBytes: > 0 } ? files.OpenRead(layout.Database) : null;
        var source = new SourceFiles { Database = database };
        if (database is not null)
        {
            source._open.Add(database);
        }

        source.OpenSnapshots(files, layout, findings);
        source.OpenSegments(files, layout);
        return source;
    }

    public void Dispose()
    {
        foreach (var file in _open)
        {
            file.Dispose();
        }
    }

    private void OpenSnapshots(IFileSystem files, MemberLayout layout, IFindingSink findings)
    {
        if (files.Stat(layout.Snap) is not { IsDirectory: true })
        {
            return;
        }

        foreach (var name in files.List(layout.Snap))
        {
            var path = Path.Combine(layout.Snap, name);
            if (SnapFileName.TryParse(name, out _))
            {
                using var file = files.OpenRead(path);
                try
                {
                    Snapshots.Add(SnapFile.Read(file));
                }
                catch (CorruptDataException e)
                {
                    findings.Report(new Finding(Severity.Error, "snap.file", path, e.Offset, e.Fault));
                }
            }
            else if (name.EndsWith(".snap.db", StringComparison.Ordinal))
            {
                var file = files.OpenRead(path);
                _open.Add(file);
                ReceivedDatabases.Add(file);
            }
        }
    }

    private void OpenSegments(IFileSystem files, MemberLayout layout)
    {
        if (files.Stat(layout.Wal) is not { IsDirectory: true })
        {
            return;
        }

        foreach (var name in files.List(layout.Wal))
        {
            if (WalFileName.TryParse(name, out var parsed))
            {
                var file = files.OpenRead(Path.Combine(layout.Wal, name));
                _open.Add(file);
                Segments.Add(new WalSegment(parsed, file));
            }
        }

        Segments.Sort(static (a, b) => a.Name.Sequence.CompareTo(b.Name.Sequence));
    }
}
