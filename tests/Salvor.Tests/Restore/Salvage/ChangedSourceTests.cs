using Salvor.DataDirectory;
using Salvor.Errors;
using Salvor.Platform.Linux;
using Salvor.Progress;
using Salvor.Restore;
using Salvor.Restore.Salvage;
using Salvor.Tests.Etcd.Replay;
using Salvor.Tests.RaftWal;
using Salvor.Tests.Support;

namespace Salvor.Tests.Restore.Salvage;

/// <summary>
/// kubelet may start etcd again while a salvage reads: what was read before and after does not belong together.
/// </summary>
public sealed class ChangedSourceTests
{
    public static TheoryData<string> Changed => ["replaced", "appended", "deleted", "log replaced"];

    [Theory]
    [MemberData(nameof(Changed))]
    public void A_source_that_changed_meanwhile_is_refused_and_no_target_left(string how)
    {
        var image = SampleDatabase.Good().ToImage();
        var log = new WalSample().Entry(99, Request.Put("a", "1")).Entry(100, Request.Put("b", "2"));
        var scene = new SalvageScene().Database(image).Log(log);
        var wal = SalvageScene.SegmentPath(0);
        var error = Assert.Throws<SalvorException>(() => scene.Salvage(new AtWriting(() =>
        {
            switch (how)
            {
                case "replaced":
                    scene.Files.With(SalvageScene.DatabasePath, image);
                    break;
                case "appended":
                    using (var file = scene.Files.OpenRead(SalvageScene.DatabasePath))
                    {
                        ((MemoryFile)file).WriteAt(file.Length, new byte[1]);
                    }

                    break;
                case "deleted":
                    scene.Files.DeleteOwnFile(wal);
                    break;
                default:
                    scene.Files.With(wal, log.Files[0]);
                    break;
            }
        })));
        Assert.Equal(ErrorCode.InUse, error.Code);
        Assert.Contains("was changed while it was read", error.Message, StringComparison.Ordinal);
        Assert.Null(scene.Files.Stat("/target/member"));
    }

    [Fact]
    public void A_write_in_place_is_seen_by_its_time()
    {
        using var temporary = new TempDirectory();
        var database = temporary["source", "member", "snap", "db"];
        Directory.CreateDirectory(Path.GetDirectoryName(database)!);
        File.WriteAllBytes(database, SampleDatabase.Good().ToImage());
        // The kernel's clock ticks in milliseconds: the file must be older than that.
        File.SetLastWriteTimeUtc(database, DateTime.UnixEpoch.AddDays(1));
        var options = new SalvageOptions
        {
            Source = new MemberLayout(temporary["source"]),
            Target = new RestoreOptions { DataDirectory = temporary["target"], ClusterToken = "token" },
        };
        var salvage = new DirectorySalvage(new LinuxFileSystem(), TimeProvider.System);
        var writes = new AtWriting(() =>
        {
            using var file = File.OpenWrite(database);
            file.WriteByte(0);
        });
        var error = Assert.Throws<SalvorException>(
            () => salvage.Run(options, writes, TestContext.Current.CancellationToken));
        Assert.Equal(ErrorCode.InUse, error.Code);
        Assert.False(Directory.Exists(temporary["target", "member"]));
    }

    /// <summary>Acts at the moment when everything was read once, and the target is about to be written.</summary>
    private sealed class AtWriting(Action act) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value)
        {
            if (value.Stage == "writing the database")
            {
                act();
            }
        }
    }
}
