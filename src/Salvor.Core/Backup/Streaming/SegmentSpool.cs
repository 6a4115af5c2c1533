using Salvor.Errors;
using Salvor.Formats.Bytes;
using Salvor.Platform;
using Salvor.Repository.Log;

namespace Salvor.Backup.Streaming;

/// <summary>
/// Segments that are closed and not stored yet, as files: in memory-backed storage, or on a disk of their own.
/// </summary>
/// <remarks>
/// A segment is here from its end until the store has it. So a store may be away for as long as there is room, though
/// etcd compacts what the segments hold, and a streamer that is killed loses none of them. They are sealed like the
/// store's objects. Nothing is flushed: what a power cut takes, etcd still has. May be used by several threads.
/// </remarks>
public sealed class SegmentSpool : IDisposable
{
    private const string LockName = "lock";
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly long _bytesMax;
    private readonly IDisposable _lock;
    private readonly Lock _gate = new();
    private long _bytes;

    private SegmentSpool(IFileSystem files, string directory, long bytesMax, IDisposable held)
    {
        _files = files;
        _directory = directory;
        _bytesMax = bytesMax;
        _lock = held;
    }

    /// <param name="files">The machine's files.</param>
    /// <param name="directory">Where segments wait. It is made when it is not there, and its parent must be.</param>
    /// <param name="bytesMax">How much may wait.</param>
    /// <param name="etcdDirectories">Where etcd keeps its data and log, as far as that is known.</param>
    /// <exception cref="SalvorException">It can't be used, or is on the disk that etcd writes to.</exception>
    public static SegmentSpool Open(
        IFileSystem files, string directory, long bytesMax, IEnumerable<string> etcdDirectories)
    {
        if (files.Stat(directory) is null)
        {
            files.CreateDirectory(directory, Private | UnixFileMode.UserExecute);
        }

        var device = files.Stat(directory)?.DeviceId;
        if (etcdDirectories.FirstOrDefault(path => files.Stat(path)?.DeviceId == device) is { } etcd)
        {
            throw new SalvorException(ErrorCode.Usage,
                $"The spool {directory} is on the same file system as etcd's {etcd}: each write to it would make "
                + "etcd's flushes wait.")
            {
                Hint = "Name a directory in memory, such as /run/salvor-spool, or on another disk.",
            };
        }

        var held = files.TryLockOwnFile(Path.Combine(directory, LockName))
            ?? throw new SalvorException(ErrorCode.InUse, $"Another stream uses the spool {directory}.")
            {
                Hint = "Each stream needs a spool of its own; or end the other one.",
            };
        var spool = new SegmentSpool(files, directory, bytesMax, held);
        spool.TakeStock();
        return spool;
    }

    public string Directory => _directory;

    /// <summary>Bytes that wait.</summary>
    public long WaitingBytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes;
            }
        }
    }

    public bool HasRoomFor(int sizeBytes) => WaitingBytes + sizeBytes <= _bytesMax;

    /// <summary>What an earlier stream left, oldest first.</summary>
    public IReadOnlyList<SegmentName> Leftovers() =>
        [.. _files.List(_directory).SelectMany(SegmentNameOf).Order()];

    /// <summary>Keeps a sealed segment.</summary>
    /// <returns>False where there is no room for it, or the file system takes nothing.</returns>
    public bool TryAdd(SegmentName name, ReadOnlySpan<byte> sealedSegment)
    {
        lock (_gate)
        {
            if (_bytes + sealedSegment.Length > _bytesMax)
            {
                return false;
            }

            _bytes += sealedSegment.Length;
        }

        try
        {
            Write(name, sealedSegment);
            return true;
        }
        catch (SalvorException)
        {
            Forget(sealedSegment.Length);
            return false;
        }
    }

    /// <exception cref="SalvorException">It is not there any more, or can't be read.</exception>
    public byte[] Read(SegmentName name)
    {
        using var file = _files.OpenRead(PathOf(name));
        if (file.Length > SegmentStore.SealedBytesMax)
        {
            throw new SalvorException(ErrorCode.Corrupt, $"{PathOf(name)} is larger than any segment.");
        }

        var bytes = new byte[file.Length];
        file.ReadExactlyAt(0, bytes);
        return bytes;
    }

    /// <summary>Called when the store has it.</summary>
    public void Remove(SegmentName name)
    {
        var size = _files.Stat(PathOf(name))?.SizeBytes ?? 0;
        _files.DeleteOwnFile(PathOf(name));
        Forget(size);
    }

    public void Dispose() => _lock.Dispose();

    private void TakeStock()
    {
        foreach (var name in _files.List(_directory))
        {
            var path = Path.Combine(_directory, name);
            if (name.StartsWith('.') && SegmentName.TryParse(name.AsSpan(1), out _))
            {
                _files.DeleteOwnFile(path); // It was never whole.
            }
            else
            {
                _bytes += _files.Stat(path) is { IsFile: true } status ? status.SizeBytes : 0;
            }
        }
    }

    private void Write(SegmentName name, ReadOnlySpan<byte> bytes)
    {
        var partial = Path.Combine(_directory, "." + name);
        var isNamed = false;
        try
        {
            using (var file = _files.CreateNew(partial, Private))
            {
                file.WriteAt(0, bytes);
            }

            _files.Rename(partial, PathOf(name));
            isNamed = true;
        }
        finally
        {
            if (!isNamed && _files.Stat(partial) is not null)
            {
                _files.DeleteOwnFile(partial);
            }
        }
    }

    private void Forget(long bytes)
    {
        lock (_gate)
        {
            _bytes -= bytes;
        }
    }

    private string PathOf(SegmentName name) => Path.Combine(_directory, name.ToString());

    private static IEnumerable<SegmentName> SegmentNameOf(string text) =>
        SegmentName.TryParse(text, out var name) ? [name] : [];
}
