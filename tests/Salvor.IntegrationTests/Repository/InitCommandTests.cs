using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.Repository;

/// <summary>The first command that anybody runs, on the published binary.</summary>
public sealed class InitCommandTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TempDirectory _directory = new();

    private string Store => _directory["store"];

    private string Key => _directory["salvor", "repository.key"];

    private string Config => _directory["salvor", "config.yaml"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Init_makes_a_repository_its_key_and_a_configuration()
    {
        var run = (await InitAsync()).ShouldExitWith(0);

        Assert.Contains("has lost every backup", run.Stderr, StringComparison.Ordinal);
        Assert.Contains($"Copy {Key} now", run.Stderr, StringComparison.Ordinal);
        Assert.Contains("Made the repository ", run.Stdout, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Store, "repository")));
        Assert.Single(Directory.GetFiles(Path.Combine(Store, "keys")));
        Assert.Equal(OwnerOnly, new FileInfo(Key).UnixFileMode);
        var secret = (await File.ReadAllTextAsync(Key, TestContext.Current.CancellationToken)).Split(' ')[2];
        Assert.DoesNotContain(secret, run.ToString(), StringComparison.Ordinal);
        Assert.Contains($"keyFile: \"{Key}\"",
            await File.ReadAllTextAsync(Config, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_second_init_changes_nothing_and_says_why()
    {
        (await InitAsync()).ShouldExitWith(0);
        var before = Everything();

        var again = (await InitAsync()).ShouldExitWith(4);
        Assert.Contains("config.yaml exists, and nothing is ever overwritten", again.Stderr, StringComparison.Ordinal);
        var elsewhere = (await InitAsync("--key-file", _directory["other.key"], "--config", _directory["other.yaml"]))
            .ShouldExitWith(4);
        Assert.Contains("There is a repository in", elsewhere.Stderr, StringComparison.Ordinal);
        Assert.Equal(before, Everything());
    }

    [Fact]
    public async Task Another_machine_takes_the_repository_with_a_copy_of_the_key()
    {
        (await InitAsync()).ShouldExitWith(0);
        var run = (await InitAsync("--config", _directory["new.yaml"], "--output", "json")).ShouldExitWith(0);

        Assert.False(run.Json().GetProperty("created").GetBoolean());
        Assert.Equal(Key, run.Json().GetProperty("keyFile").GetString());
        Assert.Contains("every backup is lost", run.Json().GetProperty("notices")[0].GetString(),
            StringComparison.Ordinal);
        Assert.Empty(run.Stderr);
    }

    [Fact]
    public async Task Key_files_of_another_repository_and_damaged_ones_are_refused()
    {
        (await InitAsync()).ShouldExitWith(0);
        (await InitAsync("--repository", _directory["b"], "--key-file", _directory["b.key"], "--config",
            _directory["b.yaml"])).ShouldExitWith(0);

        var other = (await InitAsync("--key-file", _directory["b.key"], "--config", _directory["c.yaml"]))
            .ShouldExitWith(12);
        Assert.Contains("belongs to the repository", other.Stderr, StringComparison.Ordinal);

        var ct = TestContext.Current.CancellationToken;
        var text = await File.ReadAllTextAsync(Key, ct);
        var slipped = text[..60] + (text[60] == 'a' ? 'b' : 'a') + text[61..]; // A letter of the secret.
        await File.WriteAllTextAsync(_directory["slip.key"], slipped, ct);
        var slip = (await InitAsync("--key-file", _directory["slip.key"], "--config", _directory["c.yaml"]))
            .ShouldExitWith(30);
        Assert.Contains("check digits", slip.Stderr, StringComparison.Ordinal);
        Assert.False(File.Exists(_directory["c.yaml"]));
    }

    [Fact]
    public async Task A_passphrase_opens_what_it_made_and_a_wrong_one_does_not()
    {
        var ct = TestContext.Current.CancellationToken;
        await File.WriteAllTextAsync(_directory["good"], "horse battery staple\nsecond line\n", ct);
        await File.WriteAllTextAsync(_directory["bad"], "horse battery stable\n", ct);
        await File.WriteAllTextAsync(_directory["weak"], "secret", ct);
        var passphrase = new[] { "--repository", Store, "--passphrase-file" };

        var weak = (await SalvorCommand.RunAsync(["init", .. passphrase, _directory["weak"], "--config", Config]))
            .ShouldExitWith(2);
        Assert.Contains("has 6 characters", weak.Stderr, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Store));
        (await SalvorCommand.RunAsync(["init", .. passphrase, _directory["good"], "--config", Config]))
            .ShouldExitWith(0);
        (await SalvorCommand.RunAsync(["init", .. passphrase, _directory["good"], "--config", _directory["2.yaml"]]))
            .ShouldExitWith(0);
        var wrong = (await SalvorCommand.RunAsync(
            ["init", .. passphrase, _directory["bad"], "--config", _directory["3.yaml"]])).ShouldExitWith(12);
        Assert.Contains("does not open the one key slot", wrong.Stderr, StringComparison.Ordinal);
        Assert.Contains("a passphrase", wrong.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_init_that_was_killed_is_finished_by_the_next_one()
    {
        (await InitAsync()).ShouldExitWith(0);
        File.Delete(Path.Combine(Store, "repository"));
        File.Delete(Config);
        var slot = Directory.GetFiles(Path.Combine(Store, "keys")).Single();
        var before = await File.ReadAllTextAsync(slot, TestContext.Current.CancellationToken);

        (await InitAsync()).ShouldExitWith(0);

        Assert.Equal(slot, Directory.GetFiles(Path.Combine(Store, "keys")).Single());
        Assert.Equal(before, await File.ReadAllTextAsync(slot, TestContext.Current.CancellationToken));
        Assert.True(File.Exists(Config));
    }

    [Fact]
    public async Task Places_that_can_not_be_are_refused_and_nothing_is_made()
    {
        Directory.CreateDirectory(Store);
        File.WriteAllText(Path.Combine(Store, "photo.jpg"), "x");
        var taken = (await InitAsync()).ShouldExitWith(4);
        Assert.Contains("such as photo.jpg", taken.Stderr, StringComparison.Ordinal);

        var inside = (await InitAsync("--key-file", Path.Combine(Store, "my.key"))).ShouldExitWith(2);
        Assert.Contains("would lie in the repository", inside.Stderr, StringComparison.Ordinal);

        (await InitAsync("--repository", _directory["no", "such", "directory"])).ShouldExitWith(5);
        (await InitAsync("--repository", "ftp://example")).ShouldExitWith(2);
        (await SalvorCommand.RunAsync("init")).ShouldExitWith(2);
        Assert.False(File.Exists(Key));
        Assert.False(File.Exists(Config));
        Assert.Single(Directory.GetFileSystemEntries(Store));
    }

    [Fact]
    public async Task A_missing_key_and_a_configuration_with_three_errors_are_said_plainly()
    {
        (await InitAsync()).ShouldExitWith(0);
        (await SalvorCommand.RunAsync("list", "--config", Config)).ShouldExitWith(0);
        File.Move(Key, Key + ".away");
        var missing = (await SalvorCommand.RunAsync("list", "--config", Config)).ShouldExitWith(5);
        Assert.Contains(Key, missing.Stderr, StringComparison.Ordinal);

        File.WriteAllText(_directory["bad.yaml"],
            "repository: {location: backup, kyFile: /k}\nlog: {flushAfterMs: 1}\n");
        var bad = (await SalvorCommand.RunAsync("list", "--config", _directory["bad.yaml"])).ShouldExitWith(2);
        Assert.Contains("has 3 errors", bad.Stderr, StringComparison.Ordinal);
        Assert.Contains("\n  repository.kyFile: is not known here", bad.Stderr, StringComparison.Ordinal);
        Assert.Contains("\n  repository.location: 'backup' is neither", bad.Stderr, StringComparison.Ordinal);
        Assert.Contains("\n  log.flushAfterMs: 1 is outside 50..60000.", bad.Stderr, StringComparison.Ordinal);
    }

    private Task<ToolResult> InitAsync(params string[] more)
    {
        var all = new List<string> { "init" };
        foreach (var (name, value) in new[] { ("--repository", Store), ("--key-file", Key), ("--config", Config) })
        {
            all.AddRange(more.Contains(name) ? [] : [name, value]);
        }

        return SalvorCommand.RunAsync([.. all, .. more]);
    }

    private List<(string Path, string Content)> Everything() =>
        [.. Directory.EnumerateFiles(_directory.FullName, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Select(p => (p, File.ReadAllText(p)))];
}
