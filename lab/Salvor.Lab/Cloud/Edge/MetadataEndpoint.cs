using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Salvor.Lab.Cloud.Model;

namespace Salvor.Lab.Cloud.Edge;

/// <summary>
/// EC2's metadata service, version 2: tells a machine who it is, by the address that it asks from, and lends it
/// credentials. Version 1, without a token, is refused, as on a machine that demands version 2.
/// </summary>
public sealed class MetadataEndpoint : IAsyncDisposable
{
    private const string Role = "lab";
    private const int TokenSecondsMax = 21_600;

    private readonly WebApplication _web;
    private readonly CloudService _cloud;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (string Instance, DateTimeOffset Until)> _tokens = [];

    private MetadataEndpoint(CloudService cloud, Socket socket)
    {
        _cloud = cloud;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenHandle((ulong)socket.Handle));
        builder.Logging.ClearProviders();
        _web = builder.Build();
        _web.MapPut("/latest/api/token", NewToken);
        _web.MapGet("/latest/{**path}", Read);
    }

    /// <param name="cloud">The cloud that has the machines.</param>
    /// <param name="socket">A bound socket of the machines' network. It stays the caller's.</param>
    /// <param name="ct">Ends the start.</param>
    public static async Task<MetadataEndpoint> StartAsync(CloudService cloud, Socket socket, CancellationToken ct)
    {
        var endpoint = new MetadataEndpoint(cloud, socket);
        await endpoint._web.StartAsync(ct);
        return endpoint;
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private Instance? Caller(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress?.MapToIPv4().ToString();
        return _cloud.Do(region => region.State.Instances.Values.LastOrDefault(
            one => one.PrivateAddress == address && one.State != InstanceState.Terminated));
    }

    private IResult NewToken(HttpContext context)
    {
        var header = context.Request.Headers["X-aws-ec2-metadata-token-ttl-seconds"].ToString();
        if (!int.TryParse(header, CultureInfo.InvariantCulture, out var seconds) || seconds is < 1 or > TokenSecondsMax
            || Caller(context) is not { } caller)
        {
            return Results.BadRequest();
        }

        var token = Convert.ToBase64String(RandomNumberGenerator.GetBytes(30));
        var now = _cloud.Region.Time.Now;
        lock (_lock)
        {
            foreach (var old in _tokens.Where(one => one.Value.Until < now).Select(one => one.Key).ToList())
            {
                _tokens.Remove(old);
            }

            _tokens[token] = (caller.Id, now + TimeSpan.FromSeconds(seconds));
        }

        context.Response.Headers["X-aws-ec2-metadata-token-ttl-seconds"] = header;
        return Results.Text(token);
    }

    private IResult Read(HttpContext context, string path)
    {
        var token = context.Request.Headers["X-aws-ec2-metadata-token"].ToString();
        lock (_lock)
        {
            if (!_tokens.TryGetValue(token, out var known) || known.Until < _cloud.Region.Time.Now
                || Caller(context)?.Id != known.Instance)
            {
                return Results.Unauthorized();
            }
        }

        return Caller(context) is { } caller && Answer(caller, path) is { } text
            ? Results.Text(text)
            : Results.NotFound();
    }

    private string? Answer(Instance instance, string path) => path switch
    {
        "meta-data/instance-id" => instance.Id,
        "meta-data/instance-type" => instance.InstanceType,
        "meta-data/ami-id" => instance.ImageId,
        "meta-data/local-ipv4" => instance.PrivateAddress,
        "meta-data/placement/availability-zone" => instance.Zone,
        "meta-data/placement/region" => _cloud.Region.Options.Name,
        "meta-data/iam/security-credentials/" or "meta-data/iam/security-credentials" => Role,
        "meta-data/iam/security-credentials/" + Role => Credentials(),
        "dynamic/instance-identity/document" => Identity(instance),
        "user-data" when instance.UserData.Length > 0 =>
            System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(instance.UserData)),
        _ => null,
    };

    private string Credentials() => JsonSerializer.Serialize(new Dictionary<string, string>
    {
        ["Code"] = "Success",
        ["Type"] = "AWS-HMAC",
        ["LastUpdated"] = Instant(_cloud.Region.Time.Now),
        ["AccessKeyId"] = _cloud.Region.Options.AccessKey,
        ["SecretAccessKey"] = _cloud.Region.Options.SecretKey,
        ["Token"] = "lab-session",
        ["Expiration"] = Instant(_cloud.Region.Time.Now + TimeSpan.FromHours(6)),
    });

    private string Identity(Instance instance) => JsonSerializer.Serialize(new Dictionary<string, string>
    {
        ["accountId"] = _cloud.Region.Options.Account,
        ["architecture"] = "x86_64",
        ["availabilityZone"] = instance.Zone,
        ["imageId"] = instance.ImageId,
        ["instanceId"] = instance.Id,
        ["instanceType"] = instance.InstanceType,
        ["pendingTime"] = Instant(instance.LaunchTime),
        ["privateIp"] = instance.PrivateAddress,
        ["region"] = _cloud.Region.Options.Name,
        ["version"] = "2017-09-30",
    });

    private static string Instant(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
