using System.Text.Json;

namespace Salvor.IntegrationTests.Support;

/// <summary>The real etcdctl, speaking to one endpoint: the oracle that is not ours.</summary>
public sealed class Etcdctl(EtcdBinaries binaries, string endpoint, TestCertificates? certificates = null)
{
    /// <summary>"name:password", where etcd has auth on.</summary>
    public string? User { get; init; }

    /// <summary>Runs it and returns whatever came of it.</summary>
    public Task<ToolResult> RunAsync(params string[] arguments) => RunWithInputAsync("", arguments);

    /// <summary>Runs it with standard input, as <c>put</c> and <c>txn</c> want.</summary>
    public Task<ToolResult> RunWithInputAsync(string stdin, params string[] arguments)
    {
        List<string> all = [$"--endpoints={endpoint}", "--command-timeout=60s"];
        if (certificates is not null)
        {
            all.AddRange(
                $"--cacert={certificates.Authority}", $"--cert={certificates.Client.Certificate}",
                $"--key={certificates.Client.Key}");
        }

        if (User is not null)
        {
            all.Add($"--user={User}");
        }

        all.AddRange(arguments);
        return ToolProcess.RunAsync(binaries.Etcdctl, all, stdin, ("ETCDCTL_API", "3"));
    }

    /// <summary>Runs it, fails the test unless it succeeds, and returns its standard output.</summary>
    public async Task<string> DoAsync(params string[] arguments) =>
        (await RunAsync(arguments)).ShouldExitWith(0).Stdout;

    /// <summary>The same, with <c>-w json</c>.</summary>
    public async Task<JsonElement> DoJsonAsync(params string[] arguments) =>
        (await RunAsync([.. arguments, "-w", "json"])).ShouldExitWith(0).Json();

    public async Task PutAsync(string key, string value) =>
        (await RunWithInputAsync(value, "put", key)).ShouldExitWith(0);

    /// <summary>The value as text, or null when there is no such key.</summary>
    public async Task<string?> GetAsync(string key, long revision = 0)
    {
        var answer = await DoJsonAsync("get", key, $"--rev={revision}");
        return answer.TryGetProperty("kvs", out var items)
            ? System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(EtcdKeyValue.Parse(items[0]).Value))
            : null;
    }

    /// <summary>Every key with all its metadata, in key order, now or at a revision.</summary>
    public async Task<IReadOnlyList<EtcdKeyValue>> GetAllAsync(long revision = 0)
    {
        var answer = await DoJsonAsync("get", "", "--from-key", $"--rev={revision}");
        return answer.TryGetProperty("kvs", out var items)
            ? [.. items.EnumerateArray().Select(EtcdKeyValue.Parse)]
            : [];
    }

    /// <summary>The current revision.</summary>
    public async Task<long> RevisionAsync() =>
        (await DoJsonAsync("get", "no-such-key")).GetProperty("header").GetProperty("revision").GetInt64();

    /// <summary>etcd's hash of its keyspace up to a revision (0: the newest).</summary>
    public async Task<uint> HashKvAsync(long revision = 0)
    {
        var answer = await DoJsonAsync("endpoint", "hashkv", $"--rev={revision}");
        return answer[0].GetProperty("HashKV").GetProperty("hash").GetUInt32();
    }

    public Task SaveSnapshotAsync(string file) => DoAsync("snapshot", "save", file);
}
