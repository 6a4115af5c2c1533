using System.Globalization;
using System.Text.Json;
using Salvor.Formats.RaftWal;
using Salvor.Tests.Etcd.Replay;
using Salvor.Tests.RaftWal;
using Salvor.Tests.Support;

namespace Salvor.Tests.Cli;

public sealed class SalvageOutputTests : IDisposable
{
    private readonly TempDirectory _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task History_begins_with_the_compaction_revision_which_can_still_be_read()
    {
        var database = SampleDatabase.Good();
        database.SetCompacted(scheduled: 7, finished: 7);
        AddDatabase(database);
        var run = await RunAsync();
        Assert.Contains("(history from 7 on)", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(90, 99, "replayed   nothing: the log holds no usable entry after 99, where the base ends")]
    [InlineData(90, 100, "replayed   entry 100: 1 applied, 0 without effect, 0 refused by etcd itself")]
    [InlineData(90, 102, "replayed   entries 100 to 102: 3 applied, 0 without effect, 0 refused by etcd itself")]
    public async Task Replayed_entries_are_told_as_a_sentence(int from, int to, string sentence)
    {
        AddDatabase(SampleDatabase.Good()); // Up to entry 99.
        AddLog(_temporary["source", "member", "wal"], from, to);
        var run = await RunAsync();
        Assert.Equal(0, run.ExitCode);
        Assert.Contains(sentence, run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_holds_the_findings_as_those_of_verify_are()
    {
        AddDatabase(SampleDatabase.Good());
        AddLog(_temporary["source", "member", "wal"], 90, 99);
        Damage(_temporary["source", "member", "snap", "db"]);
        var verified = await CommandLine.RunAsync("verify", _temporary["source"], "--output", "json");
        var salvaged = await RunAsync("--output", "json");
        var (expected, found) = (Findings(verified), Findings(salvaged));
        Assert.NotEmpty(found);
        Assert.Subset(expected.ToHashSet(), found.ToHashSet());
    }

    [Theory]
    [InlineData("source", true)]
    [InlineData("copy", false)]
    public async Task Log_directory_of_the_manifest_goes_with_its_data_directory(string source, bool isRead)
    {
        AddDatabase(SampleDatabase.Good());
        AddLog(_temporary["log"], 90, 101);
        if (source != "source")
        {
            Directory.Move(_temporary["source"], _temporary[source]);
        }

        await File.WriteAllTextAsync(_temporary["etcd.yaml"], $"""
            spec:
              containers:
              - name: etcd
                command: [etcd, --name=n1, --data-dir={_temporary["source"]}, --wal-dir={_temporary["log"]}]
            """, TestContext.Current.CancellationToken);
        var run = await CommandLine.RunAsync("salvage", _temporary[source], "--to", _temporary["target"],
            "--manifest", _temporary["etcd.yaml"]);
        Assert.Equal(isRead ? 0 : 3, run.ExitCode);
        Assert.Equal(isRead, run.Out.Contains("entries 100 to 101", StringComparison.Ordinal));
        Assert.Equal(!isRead, run.Out.Contains("There is no log", StringComparison.Ordinal));
    }

    private static void Damage(string database)
    {
        var bytes = File.ReadAllBytes(database);
        bytes.AsSpan(4096, 4096).Clear(); // A meta page.
        File.WriteAllBytes(database, bytes);
    }

    private static List<string> Findings(CommandLine run)
    {
        using var json = JsonDocument.Parse(run.Out);
        Assert.Equal(0, json.RootElement.GetProperty("findingsLeftOut").GetInt32());
        return [.. json.RootElement.GetProperty("findings").EnumerateArray().Select(f => string.Join(' ',
            f.EnumerateObject().Where(p => p.Name != "message").Select(p => $"{p.Name}={p.Value}")))];
    }

    private void AddDatabase(SampleDatabase database)
    {
        Directory.CreateDirectory(_temporary["source", "member", "snap"]);
        File.WriteAllBytes(_temporary["source", "member", "snap", "db"], database.ToImage());
    }

    private static void AddLog(string directory, int from, int to)
    {
        Directory.CreateDirectory(directory);
        var log = new WalSample();
        for (var index = from; index <= to; index++)
        {
            log.Entry((ulong)index, Request.Put("/" + index.ToString(CultureInfo.InvariantCulture), "v"));
        }

        File.WriteAllBytes(Path.Combine(directory, new WalFileName(0, 0).ToString()), log.Files[0]);
    }

    private Task<CommandLine> RunAsync(params string[] more) => CommandLine.RunAsync([
        "salvage", _temporary["source"], "--to", _temporary["target"], "--name", "n1", "--peer-urls",
        "http://localhost:2380", .. more]);
}
