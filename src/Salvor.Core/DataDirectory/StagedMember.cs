using System.Globalization;
using Salvor.Errors;
using Salvor.Platform;

namespace Salvor.DataDirectory;

/// <summary>A member that is built beside a data directory and put in its place in one step.</summary>
/// <remarks>
/// What a crash leaves behind: before <see cref="Commit"/>, the target as it was and a staging area that the next run
/// clears. In Commit, a target without data gets the member by one rename. A target with data gets it by one exchange
/// of names, between a directory that is already called a quarantine and <c>member</c>: before it the quarantine holds
/// the new member and the target the old one, after it the other way round. There is no moment without a whole member,
/// and none at which old data lies where it might be cleared away. With a log directory of its own, see <see
/// cref="SeparateWalSwap"/>.
/// </remarks>
internal sealed class StagedMember : IDisposable
{
    public const string QuarantinePrefix = StagingArea.OwnPrefix + "quarantine-";

    private const string MemberName = "member";

    private readonly IFileSystem _files;
    private readonly MemberLayout _target;
    private readonly bool _mayQuarantine;
    private readonly TimeProvider _time;
    private readonly Stack<string> _madeDirectories = new();
    private StagingArea? _area;
    private StagingArea? _walArea;
    private bool _isSwapped;

    private StagedMember(IFileSystem files, MemberLayout target, bool mayQuarantine, TimeProvider time)
    {
        _files = files;
        _target = target;
        _mayQuarantine = mayQuarantine;
        _time = time;
        Layout = target;
    }

    /// <summary>Where the new member's files go.</summary>
    public MemberLayout Layout { get; private set; }

    /// <summary>Checks that the target may be replaced, and makes room beside it.</summary>
    public static StagedMember Begin(IFileSystem files, MemberLayout target, bool mayQuarantine, TimeProvider time)
    {
        target = target.WithoutNeedlessWalDirectory(files);
        TargetCheck.Run(files, target, mayQuarantine);
        var staged = new StagedMember(files, target, mayQuarantine, time);
        try
        {
            staged.MakeRoom();
            return staged;
        }
        catch
        {
            staged.Dispose();
            throw;
        }
    }

    /// <summary>Puts the member in place. All its files are flushed already.</summary>
    /// <returns>Where the old data is now; empty when there was none.</returns>
    public IReadOnlyList<string> Commit()
    {
        var hasMember = _files.Stat(_target.Member) is not null;
        CopyOwners(like: hasMember ? _target.Member : _target.Root);
        _files.FlushDirectory(Layout.Snap);
        _files.FlushDirectory(Layout.Wal);
        _files.FlushDirectory(Layout.Member);
        _files.FlushDirectory(_area!.Path);
        _files.FlushDirectory(_target.Root);

        // Once more: an etcd may have come up here while we wrote.
        TargetCheck.Run(_files, _target, _mayQuarantine);
        RequireFiles();

        // The point of no return: from here on nothing asks whether somebody cancelled.
        var stamp = _time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var quarantines = new List<string>();
        try
        {
            if (_walArea is null)
            {
                SwapMember(stamp, quarantines);
            }
            else
            {
                SwapMemberAndWal(new SeparateWalSwap(_files, _target.Wal, _walArea.Path), stamp, quarantines);
            }
        }
        catch (SalvorException e) when (_isSwapped)
        {
            throw IsInPlace(e, quarantines);
        }

        return quarantines;
    }

    public void Dispose()
    {
        CleanUp(() => _walArea?.Remove());
        CleanUp(() => _area?.Remove());
        _walArea?.Dispose();
        _area?.Dispose();
        while (!_isSwapped && _madeDirectories.TryPop(out var directory))
        {
            CleanUp(() => _files.DeleteOwnEmptyDirectory(directory));
        }
    }

    /// <summary>
    /// What can't be cleared away now is cleared by the next run, and must hide neither a failure nor a success.
    /// </summary>
    private static void CleanUp(Action action)
    {
        try
        {
            action();
        }
        catch (SalvorException)
        {
            // See above.
        }
    }

    private void MakeRoom()
    {
        MakeIfMissing(_target.Root);
        _area = StagingArea.Open(_files, _target.Root);
        if (_files.Stat(_target.Member) is not null)
        {
            TryExchange(_area.Path);
        }

        Layout = new MemberLayout(_area.Path);
        if (_target.WalDirectory is { } walDirectory)
        {
            MakeIfMissing(walDirectory);
            _walArea = StagingArea.Open(_files, walDirectory);
            Layout = Layout with { WalDirectory = _walArea.Path };
        }

        _files.CreateDirectory(Layout.Member, MemberLayout.DirectoryMode);
        _files.CreateDirectory(Layout.Snap, MemberLayout.DirectoryMode);
        if (_walArea is null)
        {
            _files.CreateDirectory(Layout.Wal, MemberLayout.DirectoryMode);
        }
    }

    private void SwapMemberAndWal(SeparateWalSwap wal, string stamp, List<string> quarantines)
    {
        try
        {
            wal.Close(stamp, quarantines);
            SwapMember(stamp, quarantines);
            wal.Finish();
        }
        catch (SalvorException) when (!_isSwapped)
        {
            CleanUp(wal.Reopen);
            throw;
        }
        catch (SalvorException e) when (SeparateWalSwap.IsClosed(_files, _target.Wal))
        {
            throw wal.StaysClosed(e);
        }
    }

    private void SwapMember(string stamp, List<string> quarantines)
    {
        if (_files.Stat(_target.Member) is null)
        {
            _files.Rename(Layout.Member, _target.Member);
            _isSwapped = true;
            _files.FlushDirectory(_target.Root);
            return;
        }

        var quarantine = Quarantine.Make(_files, _target.Root, stamp);
        var aside = Path.Combine(quarantine, MemberName);
        try
        {
            _files.Rename(Layout.Member, aside);
            _files.FlushDirectory(quarantine);
            _files.FlushDirectory(_target.Root);
            _files.Exchange(aside, _target.Member);
            _isSwapped = true;
            quarantines.Add(quarantine);
        }
        catch (SalvorException)
        {
            // What is called a quarantine must not hold the new member when there was no exchange.
            CleanUp(() => _files.Rename(aside, Layout.Member));
            CleanUp(() => _files.DeleteOwnEmptyDirectory(quarantine));
            throw;
        }

        _files.FlushDirectory(_target.Root);
        _files.FlushDirectory(quarantine);
    }

    /// <summary>The last step, tried before the first: without it, all the work would be for nothing.</summary>
    private void TryExchange(string area)
    {
        var (left, right) = (Path.Combine(area, "left"), Path.Combine(area, "right"));
        _files.CreateDirectory(left, MemberLayout.DirectoryMode);
        _files.CreateDirectory(right, MemberLayout.DirectoryMode);
        try
        {
            _files.Exchange(left, right);
        }
        catch (SalvorException e) when (e.InnerException is NotSupportedException)
        {
            throw new SalvorException(e.Code,
                $"The file system of {_target.Root} can't exchange two names in one step. Nothing was changed.", e)
            {
                Hint = $"Move {_target.Member} away by hand while etcd is stopped, then run this again.",
            };
        }

        _files.DeleteOwnEmptyDirectory(left);
        _files.DeleteOwnEmptyDirectory(right);
    }

    /// <summary>Whether nobody has cleared the area under our hands: half a member must never get into place.</summary>
    private void RequireFiles()
    {
        var hasAll = _files.Stat(Layout.Database) is { IsFile: true }
            && _files.List(Layout.Snap).Any(n => n.EndsWith(".snap", StringComparison.Ordinal))
            && _files.List(Layout.Wal).Any(n => n.EndsWith(".wal", StringComparison.Ordinal));
        if (!hasAll)
        {
            throw new SalvorException(ErrorCode.Failed,
                $"{_area!.Path} was changed by somebody else: the new member is not whole. The target is untouched.")
            {
                Hint = "See that nothing else works in there, then run this again.",
            };
        }
    }

    /// <summary>
    /// What to say when only the durability of a finished swap is in doubt, or its log's part is left.
    /// </summary>
    private SalvorException IsInPlace(SalvorException cause, List<string> quarantines)
    {
        var old = quarantines.Count == 0 ? "" : $" What was there before is in {string.Join(" and ", quarantines)}.";
        return new SalvorException(cause.Code,
            $"{cause.Message} The new member is in place at {_target.Member} already.{old}", cause)
        {
            Hint = cause.InnerException is SalvorException
                ? cause.Hint // A log directory that stays closed has a way out of its own.
                : "Find what the disk's trouble is; run sync before etcd is started. Nothing has to be restored again.",
        };
    }

    private void CopyOwners(string like)
    {
        var directories = new List<string> { Layout.Member, Layout.Snap };
        if (_walArea is null)
        {
            directories.Add(Layout.Wal);
        }

        foreach (var directory in directories)
        {
            _files.CopyOwner(like, directory);
        }

        foreach (var path in Files(Layout.Snap).Concat(Files(Layout.Wal)))
        {
            _files.CopyOwner(like, path);

            // The content is on disk already; the owner must be too, or etcd can't open it after a crash.
            using var file = _files.OpenRead(path);
            file.FlushToDisk();
        }
    }

    private IEnumerable<string> Files(string directory) =>
        _files.List(directory).Select(name => Path.Combine(directory, name))
            .Where(path => _files.Stat(path) is { IsFile: true });

    private void MakeIfMissing(string directory)
    {
        if (_files.Stat(directory) is null)
        {
            _files.CreateDirectory(directory, MemberLayout.DirectoryMode);
            _madeDirectories.Push(directory);
            _files.FlushDirectory(Path.GetDirectoryName(Path.GetFullPath(directory)) ?? "/");
        }
    }
}
