using Salvor.DataDirectory;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.Formats.Bytes;
using Salvor.Formats.Findings;
using Salvor.Formats.RaftWal;
using Salvor.Formats.Snap;
using Salvor.Platform;

namespace Salvor.Restore.Salvage;

/// <summary>The files of a data directory, opened for reading.</summary>
internal sealed class SourceFiles : IDisposable
{
    private readonly IFileSystem _files;
    private readonly IFindingSink _findings;
    private readonly List<IFile> _open = [];
    private readonly Dictionary<string, FileStatus?> _asOpened = new(StringComparer.Ordinal);

    private SourceFiles(IFileSystem files, IFindingSink findings)
    {
        _files = files;
        _findings = findings;
    }

    /// <summary>The database, if there is one with anything in it.</summary>
    public IByteSource? Database { get; private set; }

    /// <summary>Databases that a leader sent, and that were not yet put in the place of the member's own.</summary>
    public List<IByteSource> ReceivedDatabases { get; } = [];

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
        var source = new SourceFiles(files, findings);
        if (files.Stat(layout.Database) is { IsFile: true, SizeBytes: > 0 })
        {
            source.Database = source.OpenFile(layout.Database);
        }

        source.OpenSnapshots(layout);
        source.OpenSegments(layout);
        return source;
    }

    /// <summary>
    /// Whether a file is not as it was opened: an etcd that kubelet started in between may have repaired or written to
    /// it, and what was read before and after does not belong together.
    /// </summary>
    public string? FindChanged() => _asOpened.FirstOrDefault(f => _files.Stat(f.Key) != f.Value).Key;

    public void Dispose()
    {
        foreach (var file in _open)
        {
            file.Dispose();
        }
    }

    private RescueSource OpenFile(string path)
    {
        _asOpened[path] = _files.Stat(path);
        var file = _files.OpenRead(path);
        _open.Add(file);
        return new RescueSource(file, _findings);
    }

    private void OpenSnapshots(MemberLayout layout)
    {
        if (_files.Stat(layout.Snap) is not { IsDirectory: true })
        {
            return;
        }

        foreach (var name in _files.List(layout.Snap))
        {
            var path = Path.Combine(layout.Snap, name);
            if (SnapFileName.TryParse(name, out _))
            {
                ReadSnapshot(path);
            }
            else if (name.EndsWith(".snap.db", StringComparison.Ordinal))
            {
                ReceivedDatabases.Add(OpenFile(path));
            }
        }
    }

    private void ReadSnapshot(string path)
    {
        try
        {
            Snapshots.Add(SnapFile.Read(OpenFile(path)));
        }
        catch (CorruptDataException e)
        {
            _findings.Report(new Finding(Severity.Error, "snap.corrupt", path, e.Offset, e.Fault));
        }
    }

    private void OpenSegments(MemberLayout layout)
    {
        if (_files.Stat(layout.Wal) is not { IsDirectory: true })
        {
            return;
        }

        foreach (var name in _files.List(layout.Wal))
        {
            if (WalFileName.TryParse(name, out var parsed))
            {
                Segments.Add(new WalSegment(parsed, OpenFile(Path.Combine(layout.Wal, name))));
            }
        }

        Segments.Sort(static (a, b) => a.Name.Sequence.CompareTo(b.Name.Sequence));
    }
}
