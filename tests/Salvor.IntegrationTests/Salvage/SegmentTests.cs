using System.Globalization;
using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.Salvage;

/// <summary>
/// A log of several segments, of which some are missing or cut; and what a salvage of that size costs.
/// </summary>
public sealed class SegmentTests(ITestOutputHelper output)
{
    private const int ValueBytes = 900_000;
    private const long PeakBytesMax = 128L << 20;

    private static readonly int Puts = TestLevel.Choose(fast: 160, normal: 160, full: 340);

    [Fact]
    public async Task Of_several_segments_all_is_saved_that_joins_up()
    {
        using var scratch = new TempDirectory();
        var killed = await FillAsync(scratch);
        var wal = Path.Combine(killed, "member", "wal");
        var segments = Directory.GetFiles(wal, "*.wal").Order().ToList();
        Assert.True(segments.Count >= 3, $"{segments.Count} segments");
        var ends = segments.ConvertAll(s => LogRecords.Read(File.ReadAllBytes(s)).Max(r => r.Index));
        var last = ends[^1];

        await SalvagedAsync("whole, no database", 0, last, No, segments);
        await SalvagedAsync("whole, earlier database", 0, last, Earlier, segments);
        await SalvagedAsync("last missing, no database", 3, ends[^2], No, segments[..^1]);
        await SalvagedAsync("first missing, no database", 30, 0, No, segments[1..]);
        await SalvagedAsync("first missing, latest database", 0, last, Latest, segments[1..]);
        await SalvagedAsync("second missing, no database", 3, ends[0], No, [segments[0], .. segments[2..]]);
        await SalvagedAsync("second missing, latest database", 0, last, Latest, [segments[0], .. segments[2..]]);
        // The earlier database ends in the first segment, so the log behind it has a hole.
        await SalvagedAsync("first missing, earlier database", 3, null, Earlier, segments[1..]);
        await SalvagedAsync("first missing, latest received", 0, last, Earlier | Received, segments[1..]);
        var latest = await SalvagedAsync("last missing, latest database", 3, null, Latest, segments[..^1]);
        Assert.InRange(latest, ends[^2] + 1, last);

        var cut = CutLast(segments, 0, scratch);
        await SalvagedAsync("last empty, no database", 3, ends[^2], No, cut);
        var original = File.ReadAllBytes(segments[^1]);
        var records = LogRecords.Read(original);
        var half = CutLast(segments, (records[^1].End / 2) + 3, scratch);
        var halfEnd = LogRecords.LastWhole(records, File.ReadAllBytes(half[^1]), original);
        await SalvagedAsync("last cut in half, no database", 0, halfEnd, No, half);

        async Task<ulong> SalvagedAsync(
            string name, int exitCode, ulong? index, int databases, IReadOnlyList<string> log)
        {
            var target = scratch["salvaged"];
            var damaged = Make(scratch["damaged"], killed, scratch["earlier"], databases, log, last);
            var (result, peak) = await MeasuredCommand.RunAsync("salvage", damaged, "--to", target, "--output", "json");
            Assert.True(result.ExitCode == exitCode, $"{name}\n{result}");
            Directory.Delete(damaged, recursive: true);
            if (exitCode == 30)
            {
                return 0;
            }

            var report = result.Json();
            output.WriteLine($"{name}: {report.GetProperty("databaseBytes").GetInt64() >> 20} MB in "
                + $"{report.GetProperty("elapsedSeconds").GetDouble():f2} s, peak {peak >> 20} MB");
            var saved = report.GetProperty("raftIndex").GetUInt64();
            Assert.True(index is null || index == saved, $"{name}: {saved}, not {index}");
            Assert.True(peak < PeakBytesMax, $"{name}: peak {peak >> 20} MB");
            await HoldsAsync(target, report.GetProperty("revision").GetInt64(), name == "whole, no database");
            Directory.Delete(target, recursive: true);
            return saved;
        }
    }

    private const int No = 0;
    private const int Earlier = 1;
    private const int Latest = 2;
    private const int Received = 4;

    /// <summary>Puts large values, takes the database aside before the first segment is full, and kills etcd.</summary>
    private static async Task<string> FillAsync(TempDirectory scratch)
    {
        // Without raft snapshots, no segment is removed.
        await using var etcd = await EtcdServer.StartAsync(
            new EtcdServerOptions { Suite = "sid", ExtraArguments = ["--snapshot-count=100000"] });
        for (var i = 0; i < Puts; i++)
        {
            if (i == 20)
            {
                await etcd.StopAsync();
                File.Copy(etcd.DatabaseFile, scratch["earlier"]);
                await etcd.StartAgainAsync();
            }

            await etcd.Etcdctl.PutAsync(Key(i), new string((char)('a' + (i % 26)), ValueBytes));
        }

        await etcd.KillAsync();
        return DataDirectories.Copy(etcd.DataDirectory, scratch["killed"]);
    }

    private static string Key(int i) => string.Create(CultureInfo.InvariantCulture, $"/big/{i:d4}");

    private static List<string> CutLast(List<string> segments, int length, TempDirectory scratch)
    {
        var directory = Directory.CreateDirectory(scratch[$"cut-{length}"]).FullName;
        var cut = Path.Combine(directory, Path.GetFileName(segments[^1]));
        File.WriteAllBytes(cut, File.ReadAllBytes(segments[^1])[..length]);
        return [.. segments[..^1], cut];
    }

    private static string Make(
        string directory, string killed, string earlier, int databases, IReadOnlyList<string> log, ulong last)
    {
        var snap = Directory.CreateDirectory(Path.Combine(directory, "member", "snap")).FullName;
        var wal = Directory.CreateDirectory(Path.Combine(directory, "member", "wal")).FullName;
        foreach (var segment in log)
        {
            File.Copy(segment, Path.Combine(wal, Path.GetFileName(segment)));
        }

        if ((databases & (Earlier | Latest)) != 0)
        {
            File.Copy((databases & Earlier) != 0 ? earlier : DataDirectories.Db(killed), Path.Combine(snap, "db"));
        }

        if ((databases & Received) != 0)
        {
            File.Copy(DataDirectories.Db(killed), Path.Combine(snap, $"{last:x16}.snap.db"));
        }

        return directory;
    }

    /// <summary>One put, one revision: the keys must be the first ones, without a gap.</summary>
    private static async Task HoldsAsync(string salvaged, long revision, bool isBooted)
    {
        (await SalvorCommand.RunAsync("verify", salvaged)).ShouldExitWith(0);
        var keys = (await SalvorCommand.RunAsync("inspect", salvaged, "--keys", "/big/", "--output", "json"))
            .ShouldExitWith(0).Json().GetProperty("keys").EnumerateArray().ToList();
        Assert.Equal(revision - 1, keys.Count);
        Assert.Equal(Enumerable.Range(0, keys.Count).Select(Key), keys.Select(k => k.GetProperty("key").GetString()));
        Assert.All(keys, k => Assert.Equal(ValueBytes, k.GetProperty("valueBytes").GetInt32()));
        if (isBooted)
        {
            await using var etcd = await EtcdServer.StartAsync(new EtcdServerOptions { DataDirectory = salvaged });
            Assert.Equal(revision, await etcd.Etcdctl.RevisionAsync());
            Assert.Equal(new string('c', ValueBytes), await etcd.Etcdctl.GetAsync(Key(2)));
            await etcd.StopAsync();
            etcd.ShouldHaveCleanLog();
        }
    }
}
