using Salvor.Tests.Support;

namespace Salvor.Tests.Cli;

/// <summary>What the commands say of kits that an earlier salvor stored.</summary>
public sealed class OldKitTests : IDisposable
{
    private readonly TempDirectory _temporary = new();

    public OldKitTests() => RepositoryFixture.Version1WithKits.Unpack(_temporary["store"], _temporary["key"]);

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Old_kits_are_listed_and_verified()
    {
        var kits = (await RunAsync("list")).Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..];
        Assert.Equal(
            ["none", "1 missing", "1 missing", "complete"],
            kits.Select(line => line.Split("3.5.30")[1].Split("never")[0].Trim()));
        var verify = await RunAsync("verify", "--read-data", "all", "--no-record");
        Assert.Contains("4 of 4 good", verify, StringComparison.Ordinal);
        Assert.Contains("it lacks /etc/sni/tls.key: a flag of kube-apiserver names it", verify,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restore_of_an_old_kit_would_make_each_of_its_entries()
    {
        var root = Directory.CreateDirectory(_temporary["root"]).FullName;
        var plan = await RunAsync("restore", "--kit", "--dry-run", "--kit-root", root);
        var made = plan.Split('\n').Where(line => line.StartsWith("  new  ", StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf(root, StringComparison.Ordinal) + root.Length)..]);

        Assert.Equal(KitFixture.Whole.Entries.Select(entry => entry.Path), made);
        Assert.Empty(Directory.GetFileSystemEntries(root));
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        var run = await CommandLine.RunAsync(
            [.. arguments, "--repository", _temporary["store"], "--key-file", _temporary["key"]]);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        return run.Out;
    }
}
