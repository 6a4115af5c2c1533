using System.Text.Json;

namespace Salvor.IntegrationTests.Support;

/// <summary>The real offline tool: etcdutl, or the same subcommands of etcdctl in 3.4.</summary>
public sealed class Etcdutl(EtcdBinaries binaries)
{
    public Task<ToolResult> RunAsync(params string[] arguments) =>
        ToolProcess.RunAsync(binaries.Etcdutl, arguments, "", ("ETCDCTL_API", "3"));

    public async Task<string> DoAsync(params string[] arguments) =>
        (await RunAsync(arguments)).ShouldExitWith(0).Stdout;

    /// <summary>Hash, revision, number of keys and size, as <c>snapshot status</c> tells them.</summary>
    public async Task<JsonElement> SnapshotStatusAsync(string file) =>
        (await RunAsync("snapshot", "status", file, "-w", "json")).ShouldExitWith(0).Json();

    /// <summary>Restores a snapshot file into a directory that does not exist yet.</summary>
    public Task<string> RestoreAsync(string file, string dataDirectory, params string[] more) =>
        DoAsync(["snapshot", "restore", file, $"--data-dir={dataDirectory}", .. more]);
}
