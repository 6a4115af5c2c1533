using System.Text.Json;

namespace Salvor.Tests.Cli;

public sealed class KeyCommandTests : IDisposable
{
    private readonly TempDirectory _temporary = new();

    private string Store => _temporary["store"];

    private string First => _temporary["first.key"];

    private string Second => _temporary["second.key"];

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task An_added_key_file_opens_the_repository_and_the_list_tells_them_apart()
    {
        await InitAsync();

        var added = await RunAsync("add", First, "--new-key-file", Second);

        Assert.Equal((0, ""), (added.ExitCode, added.Error));
        Assert.StartsWith($"Added the key file {Second}: it was tried", added.Out, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(Second).UnixFileMode);
        var slots = await ListAsync(Second);
        Assert.Equal(2, slots.Count);
        Assert.All(slots, slot => Assert.Equal("key-file", slot.GetProperty("kind").GetString()));
        var now = Assert.Single(slots, slot => slot.GetProperty("openedNow").GetBoolean());
        Assert.Contains(now.GetProperty("slot").GetString()!, added.Out, StringComparison.Ordinal);
        Assert.NotEqual(
            now.GetProperty("slot").GetString(),
            Assert.Single(await ListAsync(First), slot => slot.GetProperty("openedNow").GetBoolean())
                .GetProperty("slot").GetString());
    }

    [Fact]
    public async Task A_passphrase_can_be_added_to_a_key_file_when_it_is_long_enough()
    {
        await InitAsync();
        await File.WriteAllTextAsync(_temporary["weak"], "secret\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            _temporary["good"], "horse battery staple\n", TestContext.Current.CancellationToken);

        Assert.Equal(2, (await RunAsync("add", First, "--new-passphrase-file", _temporary["weak"])).ExitCode);
        Assert.Equal(0, (await RunAsync("add", First, "--new-passphrase-file", _temporary["good"])).ExitCode);

        var list = await CommandLine.RunAsync(
            "key", "list", "--repository", Store, "--passphrase-file", _temporary["good"]);
        Assert.Equal(0, list.ExitCode);
        Assert.Contains("a passphrase  2", list.Out, StringComparison.Ordinal);
        Assert.Contains("a key file    2", list.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_addition_that_was_cut_off_is_finished_by_the_same_call()
    {
        await InitAsync();
        await RunAsync("add", First, "--new-key-file", Second);
        var slot = Directory.GetFiles(Path.Combine(Store, "keys")).Single(file => Path.GetFileName(file).Length == 20);
        File.Delete(slot);

        var again = await RunAsync("add", First, "--new-key-file", Second);
        var third = await RunAsync("add", First, "--new-key-file", Second);

        Assert.StartsWith("Added the key file", again.Out, StringComparison.Ordinal);
        Assert.StartsWith("Nothing was added: the key file", third.Out, StringComparison.Ordinal);
        Assert.Equal(2, (await ListAsync(Second)).Count);
    }

    [Fact]
    public async Task What_can_not_be_is_refused_before_anything_is_made()
    {
        await InitAsync();
        await CommandLine.RunAsync("init", "--repository", _temporary["other"], "--key-file", _temporary["other.key"],
            "--config", _temporary["other.yaml"]);

        var inside = await RunAsync("add", First, "--new-key-file", Path.Combine(Store, "second.key"));
        var other = await RunAsync("add", First, "--new-key-file", _temporary["other.key"]);
        var none = await RunAsync("add", First);
        var both = await RunAsync("add", First, "--new-key-file", Second, "--new-passphrase-file", Second);
        var wrong = await RunAsync("add", _temporary["other.key"], "--new-key-file", Second);

        Assert.Equal([2, 12, 2, 2, 12],
            new[] { inside.ExitCode, other.ExitCode, none.ExitCode, both.ExitCode, wrong.ExitCode });
        Assert.False(File.Exists(Second));
        Assert.Single(await ListAsync(First));
    }

    [Fact]
    public async Task Slots_that_can_not_be_read_are_listed_as_what_they_are()
    {
        await InitAsync();
        await File.WriteAllTextAsync(
            Path.Combine(Store, "keys", "aa"), "{\"kind\": \"moon\"}", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(Store, "keys", "bb"), "{", TestContext.Current.CancellationToken);

        var list = await RunAsync("list", First);

        Assert.Equal(0, list.ExitCode);
        Assert.Contains("keys/aa                                a kind that this salvor can't read", list.Out,
            StringComparison.Ordinal);
        Assert.Contains("DAMAGED: ", list.Out, StringComparison.Ordinal);
        Assert.Contains("opened it now", list.Out, StringComparison.Ordinal);
    }

    private async Task InitAsync() => Assert.Equal(0, (await CommandLine.RunAsync(
        "init", "--repository", Store, "--key-file", First, "--config", _temporary["config.yaml"])).ExitCode);

    private Task<CommandLine> RunAsync(string verb, string keyFile, params string[] more) =>
        CommandLine.RunAsync(["key", verb, "--repository", Store, "--key-file", keyFile, .. more]);

    private async Task<List<JsonElement>> ListAsync(string keyFile)
    {
        var run = await RunAsync("list", keyFile, "--output", "json");
        Assert.Equal(0, run.ExitCode);
        using var document = JsonDocument.Parse(run.Out);
        return [.. document.RootElement.Clone().GetProperty("slots").EnumerateArray()];
    }
}
