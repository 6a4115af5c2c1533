using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Salvor.Lab;
using Salvor.Lab.Cloud;
using Salvor.Lab.Cloud.Edge;

namespace Salvor.LabTests.Cloud;

/// <summary>
/// The same calls to the lab's cloud and to moto, by a client that is neither's. Where they answer differently,
/// docs/lab/cloud-differences.md says so, and nothing else.
/// </summary>
public sealed class MotoComparisonTests
{
    private const string Python = "/usr/bin/python3";
    private const string Head =
        """
        # Where the lab's cloud and moto differ

        The same calls (`tests/Salvor.LabTests/Cloud/boto-calls.py`), made with boto3 to the lab's cloud and to moto 5,
        which emulates AWS too. Both answer all others alike: a test makes this table, and fails when there is a
        difference that is not in it. In each of these the lab keeps to EC2's and CloudWatch's documented rules, which
        moto does not enforce, or stumbles over.

        | call | the lab | moto |
        |---|---|---|

        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_are_answered_alike_but_for_what_is_written_down()
    {
        var lab = await OfLabAsync();
        var moto = await OfMotoAsync();
        Assert.Equal(lab.Select(one => one.Call), moto.Select(one => one.Call));
        var differences = lab.Zip(moto).Where(pair => pair.First != pair.Second)
            .Select(pair => $"| {pair.First.Call} | {pair.First.Outcome} | {pair.Second.Outcome} |\n").ToList();

        var path = Path.Combine(RepositoryRoot.FullName, "docs", "lab", "cloud-differences.md");
        if (Environment.GetEnvironmentVariable("SALVOR_GOLDEN") == "write")
        {
            await File.WriteAllTextAsync(path, Head + string.Concat(differences), Cancel);
        }

        // A newer moto may answer more as AWS does, so a row too many does no harm.
        var page = await File.ReadAllTextAsync(path, Cancel);
        Assert.All(differences, row => Assert.Contains(row, page, StringComparison.Ordinal));
        Assert.All(lab, one => Assert.False(page.Contains($"| {one.Call} |", StringComparison.Ordinal)
            && !page.Contains($"| {one.Call} | {one.Outcome} |", StringComparison.Ordinal), $"{one}"));
    }

    private static async Task<IReadOnlyList<(string Call, string Outcome)>> OfLabAsync()
    {
        var cloud = new CloudService(LabCloud.Options, new ScriptedHost(), TimeProvider.System, 100);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var running = cloud.RunAsync(end.Token);
        await using var endpoint = await CloudEndpoint.StartAsync(
            cloud, new IPEndPoint(IPAddress.Loopback, 0), inside: null, Cancel);
        var outcomes = await CallAsync(
            endpoint.Address, LabCloud.Options.AccessKey, LabCloud.Options.SecretKey, LabCloud.Options.Name,
            "lab-1a", "lab-1b");
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        return outcomes;
    }

    private static async Task<IReadOnlyList<(string Call, string Outcome)>> OfMotoAsync()
    {
        var port = FreePort();
        var program = Path.Combine(RepositoryRoot.FullName, "eng", "moto-server");
        using var moto = Process.Start(new ProcessStartInfo(program, [$"{port}"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        _ = moto.StandardError.ReadToEndAsync(Cancel);
        _ = moto.StandardOutput.ReadToEndAsync(Cancel);
        try
        {
            await Wait.UntilAsync("moto", async _ => await AnswersAsync(port), TimeSpan.FromMinutes(1), Cancel);
            return await CallAsync(
                new Uri($"http://127.0.0.1:{port}"), "test", "test", "us-east-1", "us-east-1a", "us-east-1b");
        }
        finally
        {
            moto.Kill();
            await moto.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static async Task<IReadOnlyList<(string Call, string Outcome)>> CallAsync(
        Uri endpoint, string key, string secret, string region, string zone, string other)
    {
        var script = Path.Combine(RepositoryRoot.FullName, "tests", "Salvor.LabTests", "Cloud", "boto-calls.py");
        var start = new ProcessStartInfo(
            Python, [script, endpoint.ToString(), key, secret, region, zone, other, "ami-12c6146b"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Cancel);
        var errors = process.StandardError.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        Assert.True(process.ExitCode == 0, await output + await errors);
        return [.. (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(": ", 2)).Select(parts => (parts[0], parts[1]))];
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, Cancel);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
