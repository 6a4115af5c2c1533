using Salvor.Formats.RaftWal;
using Salvor.Platform;

namespace Salvor.DataDirectory;

/// <summary>
/// The open segments of a log, in the order of their sequence numbers. Spare and broken files are passed over.
/// </summary>
internal sealed class WalSegments : IDisposable
{
    private readonly List<IFile> _files = [];
    private readonly List<WalSegment> _all = [];

    private WalSegments()
    {
    }

    public IReadOnlyList<WalSegment> All => _all;

    public static WalSegments Open(IFileSystem files, string directory)
    {
        var segments = new WalSegments();
        if (files.Stat(directory) is not { IsDirectory: true })
        {
            return segments;
        }

        try
        {
            foreach (var name in files.List(directory))
            {
                segments.TryAdd(files, directory, name);
            }

            segments._all.Sort((a, b) => a.Name.Sequence.CompareTo(b.Name.Sequence));
            return segments;
        }
        catch
        {
            segments.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var file in _files)
        {
            file.Dispose();
        }
    }

    private void TryAdd(IFileSystem files, string directory, string name)
    {
        if (WalFileName.TryParse(name, out var parsed))
        {
            var file = files.OpenRead(Path.Combine(directory, name));
            _files.Add(file);
            _all.Add(new WalSegment(parsed, file));
        }
    }
}
