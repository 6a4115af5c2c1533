using Salvor.DataDirectory;
using Salvor.Node.Identity;
using Salvor.Platform.Linux;
using Salvor.Recovery.Gate;
using Salvor.Tests.Support;

namespace Salvor.Tests.Recovery.Gate;

/// <summary>Data directories of real etcds, whole and in every state that a disk may leave them in.</summary>
public sealed class DataLookTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public static TheoryData<string> Versions => new(EtcdFixture.All.Select(fixture => fixture.Version));

    private string Data => _directory["etcd"];

    private string Database => Path.Combine(Data, "member", "snap", "db");

    private string Log => Directory.GetFiles(Path.Combine(Data, "member", "wal"), "*.wal").Single();

    private string Snap => Directory.GetFiles(Path.Combine(Data, "member", "snap"), "*.snap").Single();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_stopped_etcd_is_good_and_says_whose_it_is(string version)
    {
        Unpack(version);

        var seen = Look();

        Assert.Equal((DataState.Good, 14L), (seen.State, seen.Revision));
        Assert.NotNull(seen.ClusterId);
        Assert.Empty(seen.Notes);
        Assert.Equal(DataState.Good, Look(StampOf(seen)).State);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Another_clusters_or_members_data_is_foreign(string version)
    {
        Unpack(version);
        var ours = StampOf(Look());

        Assert.Equal(DataState.Foreign, Look(ours with { ClusterId = "abc" }).State);
        Assert.Equal(DataState.Foreign, Look(ours with { MemberId = "abc" }).State);
    }

    [Fact]
    public void What_has_no_member_is_empty()
    {
        Assert.Equal(DataState.Empty, Look().State);

        Directory.CreateDirectory(Path.Combine(Data, "lost+found"));

        Assert.Equal(DataState.Empty, Look().State);
    }

    [Fact]
    public void A_database_that_a_refused_start_left_is_empty_and_one_with_data_that_lost_its_log_is_not()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Database)!);
        File.WriteAllBytes(Database, []);
        Assert.Equal(DataState.Empty, Look().State);

        File.WriteAllBytes(Database, new SampleDatabase().ToImage());
        Assert.Equal(DataState.Empty, Look().State);

        File.WriteAllBytes(Database, SampleDatabase.Good().ToImage());
        Assert.Equal(DataState.Torn, Look().State);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_part_that_is_missing_is_told(string version)
    {
        foreach (var part in (Func<string>[])[() => Database, () => Log])
        {
            Unpack(version);
            File.Delete(part());

            Assert.Equal(DataState.Torn, Look().State);
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Damage_is_told_wherever_a_glance_goes(string version)
    {
        Damage(version, () => Database, 0, 8192); // Both meta pages.
        Damage(version, () => Snap, 10, 20);
        Damage(version, () => Log, 300, 40);
        Unpack(version);
        File.WriteAllBytes(Database, File.ReadAllBytes(Database)[..12288]);
        Assert.Equal(DataState.Torn, Look().State);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void One_bad_meta_page_is_what_a_crash_leaves_and_etcd_goes_on(string version)
    {
        Unpack(version);
        var bytes = File.ReadAllBytes(Database);
        var newest = Formats.Bbolt.MetaPair.Read(new Formats.Bytes.MemoryByteSource("db", bytes));
        var page = newest.First.TransactionId < newest.Second.TransactionId ? 0 : 4096;
        Array.Clear(bytes, page, 4096);
        File.WriteAllBytes(Database, bytes);

        var seen = Look();

        Assert.Equal(DataState.Good, seen.State);
        Assert.Contains(seen.Notes, note => note.Contains("meta pages", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_log_that_ends_before_what_the_database_has_applied_is_told(string version)
    {
        Unpack(version);
        var bytes = File.ReadAllBytes(Log);
        var end = EndOfData(bytes);
        Array.Clear(bytes, end / 2 / 8 * 8, bytes.Length - (end / 2 / 8 * 8));
        File.WriteAllBytes(Log, bytes);

        Assert.Equal(DataState.Torn, Look().State);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_write_that_a_crash_cut_short_does_not_keep_etcd_down(string version)
    {
        Unpack(version);
        var bytes = File.ReadAllBytes(Log);
        var end = (EndOfData(bytes) + 7) / 8 * 8;
        bytes[end] = 0x90; // A length, and nothing behind it.
        File.WriteAllBytes(Log, bytes);

        var seen = Look();

        Assert.Equal(DataState.Good, seen.State);
        Assert.Contains(seen.Notes, note => note.Contains("cut short", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_time_the_rest_of_the_log_is_left_unread_and_that_is_said()
    {
        Unpack("3.5.30");
        using var patience = new CancellationTokenSource();
        patience.Cancel();

        var seen = new DataLook(new LinuxFileSystem()).Look(new MemberLayout(Data), stamp: null, patience.Token);

        Assert.Equal(DataState.Good, seen.State);
        Assert.Contains(seen.Notes, note => note.Contains("no time", StringComparison.Ordinal));
    }

    /// <summary>Never anything but a verdict, whatever the bytes are.</summary>
    [Fact]
    public void Random_damage_gives_a_verdict()
    {
        const int Seed = 20_261_130;
        const int Rounds = 300;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        foreach (var fixture in EtcdFixture.All)
        {
            for (var round = 0; round < Rounds; round++)
            {
                Unpack(fixture.Version);
                var path = ((string[])[Database, Log, Snap])[random.Next(3)];
                var bytes = File.ReadAllBytes(path);
                for (var hits = random.Next(1, 6); hits > 0; hits--)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                }

                File.WriteAllBytes(path, bytes[..random.Next(bytes.Length / 2, bytes.Length + 1)]);

                Assert.NotEqual(DataState.Unseen, Look().State);
            }
        }
    }

    private static NodeIdentity StampOf(DataSighting seen) => new()
    {
        ClusterId = seen.ClusterId!,
        MemberId = seen.MemberId!,
        DataDirectory = "/var/lib/etcd",
        Written = DateTimeOffset.UnixEpoch,
    };

    private static int EndOfData(byte[] bytes) => bytes.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;

    private void Unpack(string version)
    {
        if (Directory.Exists(Data))
        {
            Directory.Delete(Data, recursive: true);
        }

        EtcdFixture.All.Single(fixture => fixture.Version == version).Unpack(Data);
    }

    private void Damage(string version, Func<string> path, int offset, int count)
    {
        Unpack(version);
        var bytes = File.ReadAllBytes(path());
        for (var i = offset; i < offset + count; i++)
        {
            bytes[i] ^= 0x5A;
        }

        File.WriteAllBytes(path(), bytes);
        Assert.Equal((path(), DataState.Torn), (path(), Look().State));
    }

    private DataSighting Look(NodeIdentity? stamp = null) =>
        new DataLook(new LinuxFileSystem()).Look(new MemberLayout(Data), stamp, CancellationToken.None);
}
