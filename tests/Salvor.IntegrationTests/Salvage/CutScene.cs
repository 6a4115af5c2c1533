using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.Salvage;

/// <summary>What a killed etcd left, with a database from half-way, to make damaged copies of.</summary>
internal sealed class CutScene
{
    private const long SegmentBytes = 64_000_000;

    private readonly string _killed;
    private readonly string _earlierDatabase;

    private CutScene(string suite, string killed, string earlierDatabase, RecordedRun run)
    {
        Suite = suite;
        _killed = killed;
        _earlierDatabase = earlierDatabase;
        Run = run;
        var wal = File.ReadAllBytes(DataDirectories.LastWal(killed));
        Records = LogRecords.Read(wal);
        Wal = wal[..Records[^1].End];
    }

    public string Suite { get; }

    public RecordedRun Run { get; }

    /// <summary>The log's only segment, without its preallocated tail.</summary>
    public byte[] Wal { get; }

    public IReadOnlyList<LogRecord> Records { get; }

    /// <summary>Runs a workload with a clean restart half-way, and kills etcd right after its last answer.</summary>
    public static async Task<CutScene> MakeAsync(string suite, int seed, int steps, TempDirectory scratch)
    {
        await using var etcd = await EtcdServer.StartAsync(suite);
        var run = new RecordedRun(etcd, seed);
        await run.SendAsync(steps / 2);
        await etcd.StopAsync();
        File.Copy(etcd.DatabaseFile, scratch["earlier"]);
        await etcd.StartAgainAsync();
        await run.SendAsync(steps - (steps / 2));
        await etcd.Etcdctl.PutAsync("/last", new string('z', 30_000));
        await etcd.KillAsync();
        var killed = DataDirectories.Copy(etcd.DataDirectory, scratch["killed"]);
        return new CutScene(suite, killed, scratch["earlier"], run);
    }

    /// <summary>The database that the killed etcd left.</summary>
    public byte[] LatestDatabase => File.ReadAllBytes(DataDirectories.Db(_killed));

    /// <summary>A data directory with the whole log and this database.</summary>
    public string Make(string directory, byte[] database)
    {
        Make(directory, new PowerCut("none", CutKind.Torn, Wal, IsPreallocated: false), CutDatabase.None);
        File.WriteAllBytes(DataDirectories.Db(directory), database);
        return directory;
    }

    /// <summary>A data directory with this log and this database.</summary>
    public string Make(string directory, PowerCut cut, CutDatabase database)
    {
        Directory.CreateDirectory(Path.Combine(directory, "member", "snap"));
        Directory.CreateDirectory(Path.Combine(directory, "member", "wal"));
        if (database != CutDatabase.None)
        {
            var from = database == CutDatabase.Earlier ? _earlierDatabase : DataDirectories.Db(_killed);
            File.Copy(from, DataDirectories.Db(directory));
        }

        var name = Path.GetFileName(DataDirectories.LastWal(_killed));
        using var wal = File.Create(Path.Combine(directory, "member", "wal", name));
        wal.Write(cut.Wal);
        if (cut.IsPreallocated)
        {
            wal.SetLength(SegmentBytes);
        }

        return directory;
    }
}
