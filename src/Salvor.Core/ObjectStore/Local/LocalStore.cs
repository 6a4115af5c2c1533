using System.Buffers;
using System.Runtime.CompilerServices;
using Salvor.Errors;
using Salvor.Platform;

namespace Salvor.ObjectStore.Local;

/// <summary>A store in a directory: an object is a file, its name the path below the directory.</summary>
/// <remarks>
/// <para>Beside the objects lie names that no object can have: <c>~</c> and 16 hex digits for content that is being
/// written, and <c>~lock</c>. A put writes such a file, flushes it, gives it its name by one rename, and flushes the
/// directory. A crash leaves a temporary at most, which no list shows.</para>
/// <para>An object that is there is replaced or deleted only under the lock, so that nothing comes between a condition
/// and what it allows. The lock is the kernel's (flock), which ends with its process, so its file is never deleted; and
/// names are made with a rename that replaces nothing, which needs no lock.</para>
/// <para>A tag is the SHA-256 of the content. Inode, length and time of change would be cheaper, but two changes within
/// one tick of the file system's clock can share all three, and a copied or restored directory shares none.</para>
/// </remarks>
public sealed class LocalStore : IObjectStore
{
    private readonly IFileSystem _files;
    private readonly ICpuPool _pool;
    private readonly LocalLayout _layout;
    private readonly LocalWriter _writer;
    private readonly LocalLock _lock;
    private readonly LocalListing _listing;

    public LocalStore(LocalStoreOptions options, IFileSystem files, ICpuPool pool, IEntropy entropy, TimeProvider time)
    {
        if (options.Validate() is [var fault, ..])
        {
            throw new ArgumentException(fault, nameof(options));
        }

        _files = files;
        _pool = pool;
        _layout = new LocalLayout(options.Directory, files);
        _writer = new LocalWriter(_layout, files, entropy);
        _lock = new LocalLock(_layout, files, time, options.LockTimeout);
        _listing = new LocalListing(_layout, files);
    }

    public string Location => _layout.Root;

    /// <summary>Makes the directory of a store, readable by its owner only; nothing is done where it is.</summary>
    public static void CreateDirectory(IFileSystem files, string directory)
    {
        if (files.Stat(directory) is { IsDirectory: true })
        {
            return;
        }

        files.CreateDirectory(directory, LocalLayout.DirectoryMode);
        files.FlushDirectory(LocalLayout.ParentOf(directory));
    }

    public async Task<PutResult> PutAsync(
        ObjectName name, ReadOnlySequence<byte> content, PutCondition condition, CancellationToken ct)
    {
        // Only what can't succeed any more is spared the writing; the rename below is what decides.
        var isTaken = await _pool.Run(() => _layout.Stat(name) is not null, ct);
        if (condition.Kind == PutConditionKind.IfAbsent && isTaken)
        {
            return await RefuseAsync(name, ct);
        }

        var tag = ContentTag.Of(content);
        var temporary = await _pool.Run(() => _writer.WriteTemporary(name, content), ct);
        try
        {
            var isPut = await GiveNameAsync(temporary, name, condition, ct);
            return isPut ? PutResult.Stored(tag) : await RefuseAsync(name, ct);
        }
        catch (Exception e) when (e is SalvorException or OperationCanceledException)
        {
            _writer.TryDelete(temporary);
            throw;
        }
    }

    public Task<ObjectContent?> GetAsync(ObjectName name, ByteRange? range, int bytesMax, CancellationToken ct) =>
        _pool.Run(() => LocalReader.Read(_layout, _files, name, range, bytesMax), ct);

    public Task<ObjectInfo?> HeadAsync(ObjectName name, CancellationToken ct) =>
        _pool.Run(() => _layout.Stat(name) is { } status ? LocalLayout.InfoOf(name, status) : null, ct);

    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken ct)
    {
        // A stack of what is still to be visited, nearest last, so that no more than one path's directories are held.
        var rest = new Stack<LocalEntry>();
        await _pool.Run(() => _listing.PushStart(rest, prefix, startAfter), ct);
        while (rest.TryPop(out var entry))
        {
            if (entry.IsDirectory)
            {
                await _pool.Run(() => _listing.PushChildren(rest, entry, prefix, startAfter), ct);
            }
            else if (entry.ToInfo() is { } info)
            {
                yield return info;
            }
        }
    }

    public async Task DeleteAsync(ObjectName name, CancellationToken ct)
    {
        using var held = await _lock.TakeAsync(ct);
        await _pool.Run(() => _writer.Delete(name), CancellationToken.None);
    }

    public Task<int> RemoveAbandonedAsync(DateTimeOffset startedBefore, CancellationToken ct) =>
        _pool.Run(() => _listing.RemoveTemporaries(startedBefore, ct), ct);

    private async Task<bool> GiveNameAsync(
        string temporary, ObjectName name, PutCondition condition, CancellationToken ct)
    {
        if (condition.Kind != PutConditionKind.IfMatch
            && await _pool.Run(() => _writer.TryNameNew(temporary, name), CancellationToken.None))
        {
            return true;
        }

        if (condition.Kind == PutConditionKind.IfAbsent)
        {
            _writer.TryDelete(temporary);
            return false;
        }

        using var held = await _lock.TakeAsync(ct);
        var isAllowed = condition.Kind == PutConditionKind.None
            || await _pool.Run(() => LocalReader.ReadTag(_layout, _files, name) == condition.Tag, ct);
        if (!isAllowed)
        {
            _writer.TryDelete(temporary);
            return false;
        }

        await _pool.Run(() => _writer.NameOver(temporary, name), CancellationToken.None);
        return true;
    }

    /// <summary>
    /// The answer "not met" tells that somebody's object is there, so it must be there after a crash too: its own put
    /// may have failed between its rename and its flush.
    /// </summary>
    private async Task<PutResult> RefuseAsync(ObjectName name, CancellationToken ct)
    {
        await _pool.Run(() => _writer.FlushParent(name), ct);
        return PutResult.ConditionNotMet;
    }
}
