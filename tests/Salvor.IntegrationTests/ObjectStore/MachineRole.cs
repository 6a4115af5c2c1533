using System.Net;
using System.Text;
using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.ObjectStore;

/// <summary>
/// A machine's metadata service on loopback, of the second version: without a token of its own it tells nothing.
/// </summary>
internal sealed class MachineRole : IAsyncDisposable
{
    public const string KeyId = "AKIAOFTHEMACHINESROLE";
    private const string Token = "a-session-of-the-metadata";
    private readonly HttpListener _listener = new();
    private readonly Task _serving;
    private int _told;

    public MachineRole()
    {
        Endpoint = $"http://127.0.0.1:{LoopbackPorts.Next()}";
        _listener.Prefixes.Add(Endpoint + "/");
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Without a slash at its end, which the SDK does not bear.</summary>
    public string Endpoint { get; }

    /// <summary>How often credentials were told.</summary>
    public int Told => _told;

    public async ValueTask DisposeAsync()
    {
        // Once only: a second closing looks for the port again, which may be another test's by then.
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                var text = TextFor(context.Request);
                context.Response.StatusCode = text is null ? 401 : 200;
                await context.Response.OutputStream.WriteAsync(Encoding.ASCII.GetBytes(text ?? ""));
                context.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return; // Stopped.
            }
        }
    }

    private string? TextFor(HttpListenerRequest request)
    {
        const string Credentials = "/latest/meta-data/iam/security-credentials";
        var path = request.Url!.AbsolutePath.TrimEnd('/');
        if (request.HttpMethod == "PUT" && path == "/latest/api/token")
        {
            return Token;
        }

        if (request.Headers["X-aws-ec2-metadata-token"] != Token)
        {
            return null;
        }

        if (path == Credentials)
        {
            return "the-role";
        }

        if (path != Credentials + "/the-role")
        {
            return "";
        }

        Interlocked.Increment(ref _told);
        var now = DateTimeOffset.UtcNow;
        return $$"""
            {"Code": "Success", "LastUpdated": "{{now:yyyy-MM-ddTHH:mm:ssZ}}", "Type": "AWS-HMAC",
             "AccessKeyId": "{{KeyId}}", "SecretAccessKey": "secret", "Token": "token",
             "Expiration": "{{now.AddHours(6):yyyy-MM-ddTHH:mm:ssZ}}"}
            """;
    }
}
