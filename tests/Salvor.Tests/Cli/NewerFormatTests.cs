using System.Text.Json;
using Salvor.Tests.Support;

namespace Salvor.Tests.Cli;

/// <summary>What a newer salvor wrote is refused, or told apart from damage, object by object.</summary>
public sealed class NewerFormatTests : IDisposable
{
    private const int NewerFormat = 19;
    private const int VersionOffset = 4;

    private readonly TempDirectory _temporary = new();

    public NewerFormatTests() => RepositoryFixture.Version1.Unpack(Store, _temporary["key"]);

    private string Store => _temporary["store"];

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task An_old_repository_lists_verifies_and_restores()
    {
        Assert.Equal((0, ""), await CodeAsync("list"));
        Assert.Equal((0, ""), await CodeAsync("show", SnapshotId(1)));
        Assert.Equal((0, ""), await CodeAsync("key", "list"));
        Assert.Equal((0, ""), await CodeAsync("verify", "--read-data", "all", "--no-record"));
        var status = await RunAsync("status", "--endpoints", "http://127.0.0.1:1", "--timeout", "1s");
        Assert.Contains("timeline 1: revision 50, stored", status.Out, StringComparison.Ordinal);
        var restore = await RunAsync("restore", "--data-dir", _temporary["data"], "--revision-bump", "0");
        Assert.Contains("revision   62 ", restore.Out, StringComparison.Ordinal);
        Assert.Contains("  next       where this etcd takes", restore.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_repository_is_refused_by_every_command()
    {
        var descriptor = Path.Combine(Store, "repository");
        var text = await File.ReadAllTextAsync(descriptor, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(descriptor, text.Replace("\"version\": 1", "\"version\": 2",
            StringComparison.Ordinal), TestContext.Current.CancellationToken);
        string[][] commands =
        [
            ["list"], ["show", "0"], ["status"], ["verify"], ["key", "list"], ["prune"],
            ["key", "add", "--new-key-file", _temporary["second.key"]],
            ["restore", "--data-dir", _temporary["data"]], ["export", _temporary["snap.db"]],
        ];
        foreach (var command in commands)
        {
            var run = await RunAsync(command);
            Assert.True(run.ExitCode == NewerFormat, $"{string.Join(' ', command)}: {run}");
            Assert.Contains("is of version 2, and this salvor reads repositories up to version 1", run.Error,
                StringComparison.Ordinal);
            Assert.Contains("hint: Use a newer salvor.", run.Error, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(_temporary["second.key"]));
    }

    [Fact]
    public async Task A_newer_snapshot_is_named_among_the_others()
    {
        Renew("snapshots", 1);

        var list = await RunAsync("list");
        var json = await RunAsync("list", "--output", "json");
        var show = await RunAsync("show", SnapshotId(1));
        var verify = await RunAsync("verify", "--no-record");
        var verifyJson = await RunAsync("verify", "--no-record", "--output", "json");

        Assert.Equal((NewerFormat, ""), (list.ExitCode, list.Error));
        Assert.Contains($"{SnapshotId(1)}  NEEDS A NEWER SALVOR: ", list.Out, StringComparison.Ordinal);
        Assert.Contains($"{SnapshotId(0)}  2026-", list.Out, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(json.Out);
        Assert.True(document.RootElement.GetProperty("snapshots")[1].GetProperty("needsNewerSalvor").GetBoolean());
        Assert.Equal(NewerFormat, show.ExitCode);
        Assert.Contains("format version 2, and this salvor reads up to 1", show.Error, StringComparison.Ordinal);
        Assert.Equal(NewerFormat, verify.ExitCode);
        Assert.Contains(
            "error    repository.newer: timelines/00000001/snapshots/", verify.Out, StringComparison.Ordinal);
        Assert.Contains("were written by a newer salvor", verify.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("damaged", verify.Out, StringComparison.Ordinal);
        using var report = JsonDocument.Parse(verifyJson.Out);
        Assert.Equal(
            "repository.newer", report.RootElement.GetProperty("findings")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_damaged_object_beside_a_newer_one_is_still_called_damaged()
    {
        Renew("snapshots", 1);
        var first = Objects("snapshots")[0];
        var bytes = await File.ReadAllBytesAsync(first, TestContext.Current.CancellationToken);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(first, bytes, TestContext.Current.CancellationToken);

        Assert.Equal((30, ""), await CodeAsync("list"));
        Assert.Equal((30, ""), await CodeAsync("verify", "--no-record"));
    }

    [Fact]
    public async Task A_newer_segment_costs_a_restore_what_follows_it_and_no_snapshot()
    {
        Renew("log", 2); // 56 to 60.

        var restore = await RunAsync("restore", "--data-dir", _temporary["data"], "--revision-bump", "0");
        var show = await RunAsync("show", SnapshotId(1));
        var verify = await RunAsync("verify", "--no-record", "--read-data", "all");

        Assert.Equal(0, restore.ExitCode);
        Assert.Contains("revision   55 ", restore.Out, StringComparison.Ordinal);
        Assert.Contains($"snapshot {SnapshotId(1)}", restore.Out, StringComparison.Ordinal);
        Assert.Contains("format version 2", restore.Out, StringComparison.Ordinal);
        Assert.Equal(0, show.ExitCode);
        Assert.Contains("repository.newer: timelines/00000001/log/", verify.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_record_of_a_check_counts_as_none_and_a_newer_beginning_is_said()
    {
        Renew("checks", 0);
        var list = await RunAsync("list");
        Assert.Equal(0, list.ExitCode);
        Assert.DoesNotContain("ago", list.Out, StringComparison.Ordinal);

        Renew("", 0);
        Assert.Equal((0, ""), await CodeAsync("list"));
        var verify = await RunAsync("verify", "--no-record");
        Assert.Equal(NewerFormat, verify.ExitCode);
        Assert.Contains("repository.newer: timelines/00000001/begin", verify.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prune_leaves_a_repository_alone_that_a_newer_salvor_wrote_to()
    {
        Renew("snapshots", 0);
        var before = Directory.GetFiles(Store, "*", SearchOption.AllDirectories).Order().ToArray();

        Assert.Equal(NewerFormat, (await RunAsync("prune")).ExitCode);
        Assert.Equal(before, Directory.GetFiles(Store, "*", SearchOption.AllDirectories).Order());
    }

    /// <summary>Makes an object of timeline 1 one of a newer version.</summary>
    private void Renew(string folder, int index)
    {
        var path = Objects(folder)[index];
        var bytes = File.ReadAllBytes(path);
        bytes[VersionOffset] = 2;
        File.WriteAllBytes(path, bytes);
    }

    private string[] Objects(string folder) =>
        [.. Directory.GetFiles(Path.Combine(Store, "timelines", "00000001", folder)).Order(StringComparer.Ordinal)];

    private string SnapshotId(int index) => Path.GetFileName(Objects("snapshots")[index]).Split('-')[1];

    private async Task<(int ExitCode, string Error)> CodeAsync(params string[] arguments)
    {
        var run = await RunAsync(arguments);
        return (run.ExitCode, run.Error);
    }

    private Task<CommandLine> RunAsync(params string[] arguments) =>
        CommandLine.RunAsync([.. arguments, "--repository", Store, "--key-file", _temporary["key"]]);
}
