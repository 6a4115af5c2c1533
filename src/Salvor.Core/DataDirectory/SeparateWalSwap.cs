using System.Buffers;
using Salvor.Errors;
using Salvor.Formats.RaftWal;
using Salvor.Platform;

namespace Salvor.DataDirectory;

/// <summary>Replaces a member whose log lies in a directory of its own, which may be another file system.</summary>
/// <remarks>
/// Two file systems can't change in one step, and an etcd that starts on the new data with the old log (or the other
/// way round) may replay one onto the other. So the log directory is closed first, with a file named as a log segment
/// after all others: where their numbers show a gap, every etcd stops because of that; where they don't (a first
/// segment is number 0, which etcd takes for "unknown"), it stops because the file's only record continues no log. Then
/// the old log goes into quarantine, the member is swapped, the new log moves in, and the directory is opened last. A
/// crash on the way leaves a directory that etcd refuses, old and new data whole, and a restore that only has to be run
/// again. A failure before the member is swapped is undone.
/// </remarks>
internal sealed class SeparateWalSwap(IFileSystem files, string walDirectory, string stagedWal)
{
    /// <summary>A checksum that continues no log: a running sum is a CRC of real records.</summary>
    private const uint NoSum = 0xDEAD_C0DE;

    private const string Poison = "7fffffffffffffff-7fffffffffffffff.wal";

    private readonly List<string> _moved = [];
    private string? _quarantine;
    private bool _hasClosed;

    private string PoisonPath => Path.Combine(walDirectory, Poison);

    public static bool IsPoison(string name) => name == Poison;

    /// <summary>
    /// Whether a restore was cut short here: what the directory holds was already released for replacement.
    /// </summary>
    public static bool IsClosed(IFileSystem files, string walDirectory) =>
        files.Stat(Path.Combine(walDirectory, Poison)) is not null;

    /// <summary>Closes the directory to every etcd and puts the old log aside.</summary>
    public void Close(string stamp, List<string> quarantines)
    {
        if (!IsClosed(files, walDirectory))
        {
            PlacePoison();
        }

        files.FlushDirectory(walDirectory);
        var old = files.List(walDirectory).Where(n => TargetCheck.IsForeign(n) && !IsPoison(n)).ToList();
        if (old.Count == 0)
        {
            return;
        }

        _quarantine = Quarantine.Make(files, walDirectory, stamp);
        foreach (var name in old)
        {
            files.Rename(Path.Combine(walDirectory, name), Path.Combine(_quarantine, name));
            _moved.Add(name);
        }

        files.FlushDirectory(_quarantine);
        files.FlushDirectory(walDirectory);
        quarantines.Add(_quarantine);
    }

    /// <summary>Undoes <see cref="Close"/>, as far as it came.</summary>
    public void Reopen()
    {
        foreach (var name in _moved)
        {
            files.Rename(Path.Combine(_quarantine!, name), Path.Combine(walDirectory, name));
        }

        if (_quarantine is not null)
        {
            files.DeleteOwnEmptyDirectory(_quarantine);
        }

        files.FlushDirectory(walDirectory);
        if (_hasClosed && IsClosed(files, walDirectory))
        {
            files.DeleteOwnFile(PoisonPath);
        }
    }

    /// <summary>Moves the new log in and opens the directory again.</summary>
    public void Finish()
    {
        foreach (var name in files.List(stagedWal).Where(n => n.EndsWith(".wal", StringComparison.Ordinal)))
        {
            files.Rename(Path.Combine(stagedWal, name), Path.Combine(walDirectory, name));
        }

        files.FlushDirectory(walDirectory);
        files.DeleteOwnFile(PoisonPath);
        files.FlushDirectory(walDirectory);
    }

    /// <summary>What to say when the member was swapped and its log could not follow.</summary>
    public SalvorException StaysClosed(SalvorException cause) => new(cause.Code,
        $"{cause.Message} The new data is in place, its log is not; {PoisonPath} keeps etcd from starting until it is.",
            cause)
    {
        Hint = "Remove the cause and run the same restore again. Old data that was there is whole, in quarantine.",
    };

    /// <summary>Makes the file beside, and gives it its name when it is whole.</summary>
    private void PlacePoison()
    {
        var content = new ArrayBufferWriter<byte>();
        new WalWriter(content).WriteCrc(NoSum);
        var made = Path.Combine(stagedWal, "closed");
        using (var file = files.CreateNew(made, MemberLayout.FileMode))
        {
            files.CopyOwner(walDirectory, made);
            file.WriteAt(0, content.WrittenSpan);
            file.FlushToDisk();
        }

        _hasClosed = true;
        files.Rename(made, PoisonPath);
    }
}
