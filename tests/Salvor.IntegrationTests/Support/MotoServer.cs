using System.Diagnostics;

namespace Salvor.IntegrationTests.Support;

/// <summary>A third party's emulation of S3 on loopback, as eng/moto-server starts it.</summary>
/// <remarks>
/// With authentication on, signatures and policies are checked after the first requests that set them up.
/// </remarks>
public sealed class MotoServer : IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromMinutes(1) };
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(50);
    private readonly ToolProcess _process;

    private MotoServer(ToolProcess process, Uri endpoint)
    {
        _process = process;
        Endpoint = endpoint;
    }

    public Uri Endpoint { get; }

    /// <summary>Everything that it logged, a request a line.</summary>
    public string Log => _process.Stderr;

    /// <param name="requestsBeforeAuth">How many requests need no rights; null for all.</param>
    public static async Task<MotoServer> StartAsync(int? requestsBeforeAuth = null)
    {
        var port = LoopbackPorts.Next();
        var process = ToolProcess.Start(
            Path.Combine(RepositoryRoot.FullName, "eng", "moto-server"),
            [$"{port}"],
            ("INITIAL_NO_AUTH_ACTION_COUNT", requestsBeforeAuth?.ToString(provider: null)));
        var server = new MotoServer(process, new Uri($"http://127.0.0.1:{port}"));
        var start = Stopwatch.GetTimestamp();
        while (!await server.IsReadyAsync())
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(start) > StartMax)
            {
                var log = process.Stderr;
                await server.DisposeAsync();
                Assert.Fail($"moto did not start:\n{log}");
            }

            await Task.Delay(PollPeriod, TestContext.Current.CancellationToken);
        }

        return server;
    }

    /// <summary>SIGSTOP: it stands still, and its connections stay, until <see cref="Resume"/>.</summary>
    public void Pause() => _process.Pause();

    public void Resume() => _process.Resume();

    /// <summary>
    /// Makes a user whose policies allow these actions of S3 and nothing else, while no rights are needed yet.
    /// </summary>
    /// <returns>The user's access key and its secret.</returns>
    public async Task<(string KeyId, string Secret)> CreateUserAsync(string name, params string[] actions)
    {
        await AskIamAsync(("Action", "CreateUser"), ("UserName", name));
        var policy = $$"""
            {"Version": "2012-10-17", "Statement": [
              {"Effect": "Allow", "Action": [{{string.Join(',', actions.Select(a => $"\"{a}\""))}}], "Resource": "*"}]}
            """;
        await AskIamAsync(
            ("Action", "PutUserPolicy"), ("UserName", name), ("PolicyName", "all"), ("PolicyDocument", policy));
        var answer = await AskIamAsync(("Action", "CreateAccessKey"), ("UserName", name));
        return (Element(answer, "AccessKeyId"), Element(answer, "SecretAccessKey"));
    }

    /// <summary>From here on signatures and policies are checked.</summary>
    public Task DemandRightsAsync() => AllowUncheckedAsync(0);

    /// <summary>From here on everybody may do everything again.</summary>
    public Task ForgoRightsAsync() => AllowUncheckedAsync(1_000_000_000);

    public async Task CreateBucketAsync(string bucket)
    {
        using var response = await Http.PutAsync(
            new Uri(Endpoint, bucket), content: null, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Puts an object as another program would.</summary>
    public async Task PutObjectAsync(string bucket, string key, string text)
    {
        using var content = new StringContent(text);
        using var response = await Http.PutAsync(
            new Uri(Endpoint, $"{bucket}/{key}"), content, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>The keys of all objects in a bucket, less than a thousand, in order.</summary>
    public async Task<IReadOnlyList<string>> ListKeysAsync(string bucket)
    {
        var answer = await Http.GetStringAsync(
            new Uri(Endpoint, $"{bucket}?list-type=2"), TestContext.Current.CancellationToken);
        Assert.Contains("<IsTruncated>false</IsTruncated>", answer, StringComparison.Ordinal);
        return [.. answer.Split("<Key>").Skip(1).Select(rest => rest[..rest.IndexOf('<', StringComparison.Ordinal)])];
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task AllowUncheckedAsync(int requests)
    {
        using var count = new StringContent($"{requests}");
        using var response = await Http.PostAsync(
            new Uri(Endpoint, "moto-api/reset-auth"), count, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private async Task<string> AskIamAsync(params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(
            fields.Append(("Version", "2010-05-08")).Select(f => new KeyValuePair<string, string>(f.Item1, f.Item2)));
        using var request = new HttpRequestMessage(HttpMethod.Post, Endpoint) { Content = form };
        // moto tells by the signature's scope which service is meant.
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=none");
        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        return text;
    }

    private static string Element(string xml, string name)
    {
        var start = xml.IndexOf($"<{name}>", StringComparison.Ordinal) + name.Length + 2;
        return xml[start..xml.IndexOf('<', start)];
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            // Its own page, which counts for no rights.
            using var response = await Http.GetAsync(
                new Uri(Endpoint, "moto-api/data.json"), TestContext.Current.CancellationToken);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
