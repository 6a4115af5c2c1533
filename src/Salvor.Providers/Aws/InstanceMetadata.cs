using System.Text.Json;
using Salvor.Cloud;
using Salvor.Errors;

namespace Salvor.Providers.Aws;

/// <summary>EC2's metadata service, version 2, which tells a machine who it is.</summary>
/// <param name="http">Sends, past any proxy: the service is on the machine's own link.</param>
/// <param name="calls">Tries again.</param>
/// <param name="variable">The environment.</param>
internal sealed class InstanceMetadata(HttpClient http, AwsCalls calls, Func<string, string?> variable)
    : IMachineIdentity
{
    private const string EndpointElsewhere = "http://169.254.169.254";
    private const string TokenSeconds = "60";
    private const int AnswerBytesMax = 64 << 10;
    private const string What = "read this machine's identity from the metadata service";

    public static HttpClient NewHttpClient(TimeSpan timeout) =>
        new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ConnectTimeout = timeout })
        {
            Timeout = timeout,
            MaxResponseContentBufferSize = AnswerBytesMax,
        };

    public Task<MachineIdentity> ReadAsync(CancellationToken ct)
    {
        if (variable("AWS_EC2_METADATA_DISABLED") is { } disabled
            && disabled.Equals("true", StringComparison.OrdinalIgnoreCase))
        {
            throw new SalvorException(
                ErrorCode.CloudUnreachable, $"Cannot {What}: AWS_EC2_METADATA_DISABLED says not to ask.");
        }

        return calls.RunAsync(What, ReadOnceAsync, ct);
    }

    private async Task<MachineIdentity> ReadOnceAsync(CancellationToken ct)
    {
        var token = await AskAsync(HttpMethod.Put, "latest/api/token", "X-aws-ec2-metadata-token-ttl-seconds",
            TokenSeconds, ct);
        var document = await AskAsync(HttpMethod.Get, "latest/dynamic/instance-identity/document",
            "X-aws-ec2-metadata-token", System.Text.Encoding.ASCII.GetString(token), ct);
        return Read(document);
    }

    private async Task<byte[]> AskAsync(
        HttpMethod method, string path, string header, string value, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, new Uri(Endpoint(), path));
        request.Headers.TryAddWithoutValidation(header, value.Trim());
        using var response = await http.SendAsync(request, ct);
        var bytes = await response.Content.ReadAsByteArrayAsync(ct);
        return response.IsSuccessStatusCode
            ? bytes
            : throw new SalvorException(
                ErrorCode.CloudUnreachable, $"Cannot {What}: HTTP {(int)response.StatusCode}.")
            {
                Hint = "Is it switched off for this machine, or does this run in a container without the host's "
                    + "network? Name the machine with --instance-id and --region instead.",
            };
    }

    private Uri Endpoint()
    {
        var text = variable("AWS_EC2_METADATA_SERVICE_ENDPOINT") is { Length: > 0 } named ? named : EndpointElsewhere;
        return Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var url) && AwsSettings.IsEndpoint(url)
            ? url
            : throw new SalvorException(
                ErrorCode.Usage, $"AWS_EC2_METADATA_SERVICE_ENDPOINT: '{text}' is no http or https URL.");
    }

    private static MachineIdentity Read(byte[] document)
    {
        try
        {
            using var json = JsonDocument.Parse(document, new JsonDocumentOptions { MaxDepth = 16 });
            if (json.RootElement.ValueKind == JsonValueKind.Object
                && TextOf(json.RootElement, "instanceId") is { } id
                && TextOf(json.RootElement, "region") is { } region
                && TextOf(json.RootElement, "availabilityZone") is { } zone)
            {
                return new MachineIdentity(new MachineId(id), region, zone);
            }
        }
        catch (JsonException)
        {
            // Told below, as for a document that lacks something.
        }

        throw new InvalidAnswerException("the identity document does not say who this machine is", inner: null);
    }

    private static string? TextOf(JsonElement document, string name) =>
        document.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            && value.GetString() is { Length: > 0 } text
            ? text
            : null;
}
