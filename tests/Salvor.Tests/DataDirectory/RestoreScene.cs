using System.Collections.Immutable;
using Salvor.Platform;
using Salvor.Platform.Linux;
using Salvor.Restore;
using Salvor.Tests.Support;

namespace Salvor.Tests.DataDirectory;

/// <summary>
/// One restore of one snapshot into a target of a given kind, which a test may run with any file system.
/// </summary>
internal sealed class RestoreScene : IDisposable
{
    private static readonly byte[] Snapshot = SampleDatabase.Good().ToSnapshot();

    /// <summary>What a restore that nothing disturbs makes, with the log inside and outside of the member.</summary>
    private static readonly Lazy<Outcome> Reference = new(() => MakeReference(TargetKind.Missing));
    private static readonly Lazy<Outcome> ReferenceWithWal = new(() => MakeReference(TargetKind.MissingWithWal));
    private readonly TempDirectory _temporary = new();
    private readonly bool _hasWalDirectory;
    public bool MayQuarantine { get; }
    private ImmutableSortedDictionary<string, string> _oldMember = Tree.Empty;
    private ImmutableSortedDictionary<string, string> _oldWal = Tree.Empty;

    public RestoreScene(TargetKind kind)
    {
        File.WriteAllBytes(_temporary["snap.db"], Snapshot);
        Directory.CreateDirectory(_temporary["parent"]);
        _hasWalDirectory = kind is TargetKind.FreshWithWal or TargetKind.MemberWithWal or TargetKind.MissingWithWal;
        MayQuarantine = kind is TargetKind.Member or TargetKind.MemberWithWal;
        Prepare(kind);
    }

    public string Root => _temporary["parent", "data"];

    public string Wal => _temporary["parent", "wal"];

    public TargetState State =>
        IsClosed ? TargetState.Closed
        : !HasNewMember && !(_hasWalDirectory && HasNewLog) ? TargetState.Untouched
        : HasNewMember && (!_hasWalDirectory || HasNewLog) ? TargetState.Complete
        : TargetState.Broken;

    public bool IsClosed => _hasWalDirectory && Directory.Exists(Wal) && Directory.EnumerateFiles(Wal, "7fff*.wal")
        .Any();

    /// <summary>Whether nothing at all is left of a failed run.</summary>
    public bool IsSwept => !Entries(Root).Concat(Entries(Wal)).Any(p => Path.GetFileName(p) == ".salvor-new");

    private Outcome Wanted => _hasWalDirectory ? ReferenceWithWal.Value : Reference.Value;

    private bool HasNewMember => Tree.Of(Path.Combine(Root, "member")).SequenceEqual(Wanted.Member);

    private bool HasNewLog => Tree.Of(Wal).SequenceEqual(Wanted.Wal);

    public bool HadStaging { get; private set; }

    public Task RestoreAsync(IFileSystem files) => RunAsync(files, Root, _hasWalDirectory ? Wal : null);

    /// <summary>The old member and the old log lie somewhere, byte for byte, each file once.</summary>
    public void OldDataShouldBeWhole()
    {
        var members = Entries(Root).Select(p => Path.GetFileName(p) == "member" ? p : Path.Combine(p, "member"));
        Assert.Contains(_oldMember, members.Select(Tree.Of).Append(Tree.Empty), Tree.Comparer);
        foreach (var (name, content) in _oldWal)
        {
            var places = Entries(Wal).Where(Directory.Exists).Append(Wal).Select(d => Path.Combine(d, name));
            Assert.Contains(places, p => File.Exists(p) && Tree.Hash(p) == content);
        }
    }

    /// <summary>What is in place is the old member, whole, or the new one, whole; or etcd is kept out.</summary>
    public void ShouldBeUntouchedOrComplete(string when)
    {
        var state = State;
        if (state == TargetState.Closed)
        {
            // What real etcds refuse, as an integration test shows with these very bytes.
            var barrier = Directory.GetFiles(Wal, "7fff*.wal").Single();
            Assert.Equal("0800000000000000080410DE81B7F50D", Convert.ToHexString(File.ReadAllBytes(barrier)));
        }

        Assert.True(state != TargetState.Broken, $"{when}: neither old nor new is whole.");
        if (state == TargetState.Untouched)
        {
            Assert.True(Tree.Of(Path.Combine(Root, "member"))
                .SequenceEqual(_oldMember), $"{when}: the old member changed.");
            Assert.True(!_hasWalDirectory || Tree.Of(Wal).SequenceEqual(_oldWal), $"{when}: the old log changed.");
        }
        else
        {
            var member = Tree.Of(Path.Combine(Root, "member"));
            Assert.True(HasNewMember
                || member.SequenceEqual(_oldMember), $"{when}: the member is neither old nor new.");
        }
    }

    public void Dispose() => _temporary.Dispose();

    private static IEnumerable<string> Entries(string directory) =>
        Directory.Exists(directory) ? Directory.EnumerateFileSystemEntries(directory) : [];

    private static Outcome MakeReference(TargetKind kind)
    {
        using var scene = new RestoreScene(kind);
        scene.RestoreAsync(new LinuxFileSystem()).WaitAsync(TimeSpan.FromMinutes(1)).GetAwaiter().GetResult();
        return new Outcome(Tree.Of(Path.Combine(scene.Root, "member")), Tree.Of(scene.Wal));
    }

    private void Prepare(TargetKind kind)
    {
        if (kind is TargetKind.Missing or TargetKind.MissingWithWal)
        {
            return;
        }

        Directory.CreateDirectory(Root);
        if (_hasWalDirectory)
        {
            Directory.CreateDirectory(Wal);
        }

        if (MayQuarantine)
        {
            var member = Directory.CreateDirectory(Path.Combine(Root, "member", "snap")).Parent!.FullName;
            File.WriteAllText(Path.Combine(member, "snap", "db"), "the old database");
            var log = _hasWalDirectory ? Wal : Directory.CreateDirectory(Path.Combine(member, "wal")).FullName;
            File.WriteAllText(Path.Combine(log, "0000000000000000-0000000000000000.wal"), "the old log");
            File.WriteAllText(Path.Combine(log, "0000000000000001-0000000000001000.wal"), "and its second part");
            _oldMember = Tree.Of(member);
            _oldWal = _hasWalDirectory ? Tree.Of(Wal) : Tree.Empty;
        }

        if (kind == TargetKind.StaleStaging)
        {
            HadStaging = true;
            Directory.CreateDirectory(Path.Combine(Root, ".salvor-new", "member", "snap"));
            File.WriteAllText(Path.Combine(Root, ".salvor-new", "lock"), "");
            File.WriteAllText(Path.Combine(Root, ".salvor-new", "member", "snap", "db"), "half a database");
        }
    }

    private async Task RunAsync(IFileSystem files, string root, string? wal)
    {
        var options = new RestoreOptions
        {
            DataDirectory = root,
            WalDirectory = wal,
            ClusterToken = "always the same",
            MayQuarantine = MayQuarantine,
        };
        var restore = new SnapshotRestore(files, new InlineCpuPool(), TimeProvider.System);
        await restore.RunAsync(_temporary["snap.db"], options, progress: null, CancellationToken.None);
    }

    private sealed record Outcome(
        ImmutableSortedDictionary<string, string> Member, ImmutableSortedDictionary<string, string> Wal);
}
