using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Salvor.Errors;

namespace Salvor.Readiness.Protect.Cluster;

/// <summary>The calls of the Kubernetes API that protect needs: for ConfigMaps, and pods that read them.</summary>
public sealed class KubernetesApi : IDisposable
{
    private const int AnswerBytesMax = 4 << 20;

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(15);

    private readonly HttpClient _client;
    private readonly Uri _server;
    private readonly IDisposable? _owned;

    /// <param name="server">Its address.</param>
    /// <param name="handler">Connects; disposed with this.</param>
    /// <param name="owned">Something else to dispose with this.</param>
    public KubernetesApi(Uri server, HttpMessageHandler handler, IDisposable? owned = null)
    {
        _server = server;
        _owned = owned;
        _client = new HttpClient(handler)
        {
            BaseAddress = server,
            Timeout = AnswerLimit,
            MaxResponseContentBufferSize = AnswerBytesMax,
        };
    }

    /// <summary>
    /// Speaks TLS with what a kubeconfig says, and trusts nobody but its signers. Takes the kubeconfig over.
    /// </summary>
    public static KubernetesApi Of(Kubeconfig config)
    {
        var policy = new X509ChainPolicy
        {
            // Cluster CAs publish no revocation lists.
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            TrustMode = X509ChainTrustMode.CustomRootTrust,
        };
        policy.CustomTrustStore.AddRange(config.Authorities);
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = policy,
                ClientCertificateContext = SslStreamCertificateContext.Create(config.Client, null, offline: true),
            },
        };
        return new KubernetesApi(config.Server, handler, config);
    }

    public void Dispose()
    {
        _client.Dispose();
        _owned?.Dispose();
    }

    /// <returns>Null when there is none of the name.</returns>
    /// <exception cref="SalvorException">No answer (transient), or a refusal.</exception>
    public async Task<ConfigMapAnswer?> GetConfigMapAsync(string space, string name, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, PathOf(space, name));
        var (status, body) = await SendAsync(request, ct);
        if (status == HttpStatusCode.NotFound)
        {
            return null;
        }

        Require(status, body);
        try
        {
            return JsonNode.Parse(body) is JsonObject whole
                ? new ConfigMapAnswer(whole)
                : throw NotKubernetes(inner: null);
        }
        catch (JsonException e)
        {
            throw NotKubernetes(e);
        }
    }

    /// <returns>False when somebody else changed it meanwhile: read it again.</returns>
    /// <exception cref="SalvorException">No answer (transient), or a refusal.</exception>
    public async Task<bool> TryPutConfigMapAsync(string space, string name, string whole, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, PathOf(space, name) + "?fieldManager=salvor");
        request.Content = new StringContent(whole, Encoding.UTF8, "application/json");
        var (status, body) = await SendAsync(request, ct);
        if (status == HttpStatusCode.Conflict)
        {
            return false;
        }

        Require(status, body);
        return true;
    }

    /// <summary>Has every pod of a DaemonSet replaced, as kubectl rollout restart does; none is no failure.</summary>
    /// <exception cref="SalvorException">No answer (transient), or a refusal.</exception>
    public async Task RestartDaemonSetAsync(string space, string name, DateTimeOffset now, CancellationToken ct)
    {
        var metadata = new JsonObject
        {
            ["annotations"] = new JsonObject { ["kubectl.kubernetes.io/restartedAt"] = $"{now:yyyy-MM-ddTHH:mm:ssZ}" },
        };
        var patch = new JsonObject
        {
            ["spec"] = new JsonObject { ["template"] = new JsonObject { ["metadata"] = metadata } },
        };
        using var request = new HttpRequestMessage(
            HttpMethod.Patch, $"apis/apps/v1/namespaces/{space}/daemonsets/{name}?fieldManager=salvor");
        request.Content = new StringContent(patch.ToJsonString(), Encoding.UTF8, "application/merge-patch+json");
        var (status, body) = await SendAsync(request, ct);
        if (status != HttpStatusCode.NotFound)
        {
            Require(status, body);
        }
    }

    private static string PathOf(string space, string name) => $"api/v1/namespaces/{space}/configmaps/{name}";

    private async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        try
        {
            using var response = await _client.SendAsync(request, ct);
            return (response.StatusCode, await response.Content.ReadAsStringAsync(ct));
        }
        catch (HttpRequestException e)
        {
            var why = e.InnerException?.Message ?? e.Message;
            throw Unseen($"can't be reached: {why.TrimEnd('.')}", e);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw Unseen($"did not answer within {AnswerLimit.TotalSeconds} s", e);
        }
    }

    private void Require(HttpStatusCode status, string body)
    {
        if (status == HttpStatusCode.OK)
        {
            return;
        }

        var words = body.Length > 300 ? body[..300] : body;
        if (status == HttpStatusCode.TooManyRequests || status >= HttpStatusCode.InternalServerError)
        {
            throw Unseen($"answered {(int)status}: {words.Trim()}", inner: null);
        }

        throw new SalvorException(ErrorCode.AccessDenied,
            $"The API server at {_server} answered {(int)status}: {words.Trim()}")
        {
            Hint = "Name a kubeconfig of an administrator with --kubeconfig.",
        };
    }

    private SalvorException NotKubernetes(Exception? inner) =>
        new(ErrorCode.WrongKind, $"What answers at {_server} is no Kubernetes API server.", inner);

    private SalvorException Unseen(string why, Exception? inner) =>
        new(ErrorCode.Failed, $"The API server at {_server} {why}.", inner)
        {
            IsTransient = true,
            Hint = "This can't be seen now: run it again when the API server answers.",
        };
}
