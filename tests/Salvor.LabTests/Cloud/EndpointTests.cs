using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Salvor.Lab.Cloud;
using Salvor.Lab.Cloud.Edge;

namespace Salvor.LabTests.Cloud;

/// <summary>The endpoint on loopback: signatures, bounds, and a client that is not ours.</summary>
public sealed class EndpointTests
{
    private const string Python = "/usr/bin/python3";

    private static readonly IPEndPoint Loopback = new(IPAddress.Loopback, 0);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Boto3_gets_what_it_knows_from_aws()
    {
        var cloud = new CloudService(LabCloud.Options, new ScriptedHost(), TimeProvider.System, 100);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var running = cloud.RunAsync(end.Token);
        await using var endpoint = await CloudEndpoint.StartAsync(cloud, Loopback, inside: null, Cancel);
        var (missing, _) = await RunAsync(["-c", "import boto3"]);
        Assert.True(missing == 0, $"{Python} has no boto3: install Debian's package python3-boto3.");
        var script = Path.Combine(
            RepositoryRoot.FullName, "tests", "Salvor.LabTests", "Cloud", "boto-session.py");
        var (code, output) = await RunAsync([script, endpoint.Address.ToString(), LabCloud.Options.SecretKey]);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.True(code == 0 && output.Contains("all well", StringComparison.Ordinal), output);
        Assert.Contains(
            cloud.Requests.Entries, one => one is { Action: "RunInstances", IsMutating: true, Outcome: "OK" });
        Assert.Contains(cloud.Requests.Entries, one => one is { Action: "", Outcome: "AuthFailure" });
        Assert.Contains(cloud.Requests.Entries, one => one is { Action: "DescribeInstances", IsMutating: false });
    }

    [Theory]
    [InlineData(4, "", HttpStatusCode.OK)]
    [InlineData(-4, "", HttpStatusCode.OK)]
    [InlineData(6, "RequestExpired", HttpStatusCode.BadRequest)]
    [InlineData(-6, "RequestExpired", HttpStatusCode.BadRequest)]
    public async Task Signature_of_another_time_is_refused(int minutes, string code, HttpStatusCode status)
    {
        var cloud = new LabCloud();
        await using var endpoint = await CloudEndpoint.StartAsync(cloud.Service, Loopback, inside: null, Cancel);
        using var http = new HttpClient();
        using var request = Signed(endpoint.Address, cloud.Clock.GetUtcNow().AddMinutes(minutes), Describe, Describe);
        using var answer = await http.SendAsync(request, Cancel);
        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(code, await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_that_was_not_signed_is_refused()
    {
        var cloud = new LabCloud();
        await using var endpoint = await CloudEndpoint.StartAsync(cloud.Service, Loopback, inside: null, Cancel);
        using var http = new HttpClient();
        using var request = Signed(
            endpoint.Address, cloud.Clock.GetUtcNow(), Describe, "Action=AllocateAddress&Version=2016-11-15");
        using var answer = await http.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Empty(cloud.Region.State.Addresses);
    }

    [Fact]
    public async Task Body_beyond_its_bound_is_refused()
    {
        var cloud = new LabCloud();
        await using var endpoint = await CloudEndpoint.StartAsync(cloud.Service, Loopback, inside: null, Cancel);
        using var http = new HttpClient();
        var body = new string('a', (1 << 20) + 1);
        using var request = Signed(endpoint.Address, cloud.Clock.GetUtcNow(), body, body);
        request.Headers.ExpectContinue = true;
        using var answer = await http.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task Zone_that_is_cut_off_gets_no_answer()
    {
        var cloud = new LabCloud();
        await using var endpoint = await CloudEndpoint.StartAsync(cloud.Service, Loopback, inside: null, Cancel);
        cloud.Region.SetCutOff("lab-1b", true);
        using var http = new HttpClient();
        using var lost = Signed(endpoint.Address, cloud.Clock.GetUtcNow(), Describe, Describe);
        await Assert.ThrowsAsync<HttpRequestException>(() => http.SendAsync(lost, Cancel));
        Assert.Empty(cloud.Service.Requests.Entries);
        cloud.Region.SetCutOff("lab-1b", false);
        using var again = Signed(endpoint.Address, cloud.Clock.GetUtcNow(), Describe, Describe);
        using var answer = await http.SendAsync(again, Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private const string Describe = "Action=DescribeInstances&Version=2016-11-15";

    private static HttpRequestMessage Signed(Uri address, DateTimeOffset time, string signed, string sent)
    {
        var date = time.ToString("yyyyMMdd'T'HHmmss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        var scope = $"{date[..8]}/{LabCloud.Options.Name}/ec2/aws4_request";
        var canonical = $"POST\n/\n\nhost:{address.Authority}\nx-amz-date:{date}\n\nhost;x-amz-date\n{Hash(signed)}";
        var key = scope.Split('/').Aggregate(Encoding.UTF8.GetBytes("AWS4" + LabCloud.Options.SecretKey), Mac);
        var signature = Convert.ToHexStringLower(Mac(key, $"AWS4-HMAC-SHA256\n{date}\n{scope}\n{Hash(canonical)}"));
        var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new StringContent(sent, Encoding.UTF8, "application/x-www-form-urlencoded"),
        };
        request.Headers.Add("X-Amz-Date", date);
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "AWS4-HMAC-SHA256",
            $"Credential={LabCloud.Options.AccessKey}/{scope}, SignedHeaders=host;x-amz-date, Signature={signature}");
        return request;
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static async Task<(int Code, string Output)> RunAsync(string[] arguments)
    {
        var start = new ProcessStartInfo(Python, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Cancel);
        var errors = process.StandardError.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        return (process.ExitCode, await output + await errors);
    }
}
