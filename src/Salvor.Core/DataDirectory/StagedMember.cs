using System.Globalization;
using Salvor.Errors;
using Salvor.Platform;

namespace Salvor.DataDirectory;

/// <summary>A member that is built beside a data directory and put in its place in one step.</summary>
/// <remarks>
/// What a crash leaves behind: before <see cref="Commit"/>, the target as it was and a staging area that the next run clears.
/// In Commit, a target without data gets the member by one rename. A target with data gets it by one exchange of names,
/// between a directory that is already called a quarantine and <c>member</c>: before it the quarantine holds the new member
/// and the target the old one, after it the other way round. There is no moment without a whole member, and none at which
/// old data lies where it might be cleared away. With a log directory of its own, see <see cref="SeparateWalSwap"/>.
/// </remarks>
internal sealed class StagedMember : IDisposable
{
    public const string QuarantinePrefix = StagingArea.OwnPrefix + "quarantine-";

    private const string MemberName = "member";

    private readonly IFileSystem _files;
    private readonly MemberLayout _target;
    private readonly TimeProvider _time;
    private readonly bool _madeRoot;
    private readonly StagingArea _area;
    private readonly StagingArea? _walArea;
    private bool _isCommitted;

    private StagedMember(IFileSystem files, MemberLayout target, TimeProvider time, bool madeRoot)
    {
        _files = files;
        _target = target;
        _time = time;
        _madeRoot = madeRoot;
        _area = StagingArea.Open(files, target.Root);
        Layout = new MemberLayout(_area.Path);
        if (target.WalDirectory is { } walDirectory)
        {
            _walArea = StagingArea.Open(files, walDirectory);
            Layout = Layout with { WalDirectory = _walArea.Path };
        }
    }

    /// <summary>Where the new member's files go.</summary>
    public MemberLayout Layout { get; }

    /// <summary>Checks that the target may be replaced, and makes room beside it.</summary>
    public static StagedMember Begin(IFileSystem files, MemberLayout target, bool mayQuarantine, TimeProvider time)
    {
        TargetCheck.Run(files, target, mayQuarantine);
        var madeRoot = MakeIfMissing(files, target.Root);
        if (target.WalDirectory is { } walDirectory)
        {
            MakeIfMissing(files, walDirectory);
        }

        var staged = new StagedMember(files, target, time, madeRoot);
        files.CreateDirectory(staged.Layout.Member, MemberLayout.DirectoryMode);
        files.CreateDirectory(staged.Layout.Snap, MemberLayout.DirectoryMode);
        if (target.WalDirectory is null)
        {
            files.CreateDirectory(staged.Layout.Wal, MemberLayout.DirectoryMode);
        }

        return staged;
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
        _files.FlushDirectory(_area.Path);
        _files.FlushDirectory(_target.Root);
        LiveEtcd.Refuse(_files, _target);

        // The point of no return: from here on nothing asks whether somebody cancelled.
        var stamp = _time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var quarantines = new List<string>();
        if (_walArea is null)
        {
            SwapMember(hasMember, stamp, quarantines);
        }
        else
        {
            var swap = new SeparateWalSwap(_files, _target.Wal, _walArea.Path);
            swap.Run(stamp, quarantines, swapMember: () => SwapMember(hasMember, stamp, quarantines));
        }

        _isCommitted = true;
        return quarantines;
    }

    public void Dispose()
    {
        try
        {
            _walArea?.Remove();
            _area.Remove();
            if (_madeRoot && !_isCommitted)
            {
                _files.DeleteOwnTree(_target.Root);
            }
        }
        catch (SalvorException) when (!_isCommitted)
        {
            // The failure that brought us here is the one to report; the next run clears what is left.
        }
        finally
        {
            _walArea?.Dispose();
            _area.Dispose();
        }
    }

    private void SwapMember(bool hasMember, string stamp, List<string> quarantines)
    {
        if (!hasMember)
        {
            _files.Rename(Layout.Member, _target.Member);
            _files.FlushDirectory(_target.Root);
            return;
        }

        var quarantine = Quarantine.Make(_files, _target.Root, stamp);
        var aside = Path.Combine(quarantine, MemberName);
        _files.Rename(Layout.Member, aside);
        _files.FlushDirectory(quarantine);
        _files.FlushDirectory(_target.Root);
        _files.Exchange(aside, _target.Member);
        _files.FlushDirectory(_target.Root);
        _files.FlushDirectory(quarantine);
        quarantines.Add(quarantine);
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

        foreach (var file in Files(Layout.Snap).Concat(Files(Layout.Wal)))
        {
            _files.CopyOwner(like, file);
        }
    }

    private IEnumerable<string> Files(string directory) =>
        _files.List(directory).Select(name => Path.Combine(directory, name)).Where(path => _files.Stat(path) is { IsFile: true });

    private static bool MakeIfMissing(IFileSystem files, string directory)
    {
        if (files.Stat(directory) is not null)
        {
            return false;
        }

        files.CreateDirectory(directory, MemberLayout.DirectoryMode);
        files.FlushDirectory(Path.GetDirectoryName(Path.GetFullPath(directory)) ?? "/");
        return true;
    }
}
