using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Salvor.Lab.Cloud.Model;
using Salvor.Lab.Cloud.Query;

namespace Salvor.Lab.Cloud.Edge;

/// <summary>The HTTP edge: one port for EC2 and CloudWatch, told apart by what the request was signed for.</summary>
public sealed class CloudEndpoint : IAsyncDisposable
{
    private const int BodyMax = 1 << 20;

    private readonly WebApplication _web;
    private readonly CloudService _cloud;
    private readonly SignatureVerifier _verifier;
    private readonly Dispatcher _dispatcher;

    private CloudEndpoint(CloudService cloud, IPEndPoint address, Socket? inside)
    {
        _cloud = cloud;
        _verifier = new SignatureVerifier(cloud.Region.Options, cloud.Region.Time.Clock);
        _dispatcher = new Dispatcher(cloud);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(address);
            if (inside is not null)
            {
                kestrel.ListenHandle((ulong)inside.Handle);
            }

            kestrel.Limits.MaxRequestBodySize = BodyMax;
            kestrel.AddServerHeader = false;
        });
        builder.Logging.ClearProviders();
        _web = builder.Build();
        _web.Run(AnswerAsync);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_web.Services.GetRequiredService<IServer>()
        .Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <param name="cloud">The cloud that answers.</param>
    /// <param name="address">Where it listens on this machine.</param>
    /// <param name="inside">A bound socket of the machines' network, or null. It stays the caller's.</param>
    /// <param name="ct">Ends the start.</param>
    public static async Task<CloudEndpoint> StartAsync(
        CloudService cloud, IPEndPoint address, Socket? inside, CancellationToken ct)
    {
        var endpoint = new CloudEndpoint(cloud, address, inside);
        await endpoint._web.StartAsync(ct);
        return endpoint;
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var source = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (_cloud.Do(region => region.IsCutOff(source)))
        {
            context.Abort();
            return;
        }

        var service = "ec2";
        var action = "";
        var outcome = "OK";
        Answer answer;
        try
        {
            service = ServiceOf(context.Request);
            var body = await ReadAsync(context.Request, context.RequestAborted);
            _verifier.Verify(context.Request, body);
            var form = QueryForm.Parse(body, context.Request.QueryString.Value ?? "");
            action = form.Require("Action");
            answer = _dispatcher.Answer(service, action, form, context.TraceIdentifier);
        }
        catch (CloudException refusal)
        {
            outcome = refusal.Code;
            answer = Xml.Error(service, refusal, context.TraceIdentifier);
        }

        _cloud.Requests.Add(new RequestEntry(_cloud.Region.Time.Now, action, Dispatcher.IsMutating(action), outcome));
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "text/xml;charset=UTF-8";
        await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }

    /// <summary>Only for the shape of an error before the signature is known to be good.</summary>
    private static string ServiceOf(HttpRequest request) =>
        request.Headers.Authorization.ToString().Contains("/monitoring/", StringComparison.Ordinal)
            ? "monitoring" : "ec2";

    private static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        using var body = new MemoryStream();
        try
        {
            await request.Body.CopyToAsync(body, ct);
        }
        catch (BadHttpRequestException refusal)
        {
            throw new CloudException("RequestEntityTooLarge", refusal.Message, refusal.StatusCode);
        }

        return body.ToArray();
    }
}
