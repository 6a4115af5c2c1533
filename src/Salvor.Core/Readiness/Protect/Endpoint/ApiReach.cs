using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Salvor.Errors;
using Salvor.Readiness.Protect.Machine;

namespace Salvor.Readiness.Protect.Endpoint;

/// <summary>Whether this cluster's API server is what answers at the endpoint, as seen from this machine.</summary>
/// <remarks>
/// Asked before anything is pointed at the endpoint: a kubelet whose server can't be reached is a lost node.
/// </remarks>
public sealed class ApiReach(NodeFiles machine, ApiEndpoint endpoint, TimeProvider time)
{
    /// <summary>On the control plane and on every worker that kubeadm joined.</summary>
    private const string AuthorityPath = "/etc/kubernetes/pki/ca.crt";

    private const int AnswerBytesMax = 1 << 20;

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    /// <summary>kube-apiserver looks at its certificate's file once a minute.</summary>
    private static readonly TimeSpan ReloadLimit = TimeSpan.FromSeconds(150);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Returns when the cluster's API server answered.</summary>
    /// <param name="withName">Whether its certificate must have the name, and not only the cluster's signer.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="SalvorException">It does not; transient where nothing answered.</exception>
    public async Task RequireAsync(bool withName, CancellationToken ct)
    {
        using var client = new HttpClient(Handler(withName))
        {
            Timeout = AnswerLimit,
            MaxResponseContentBufferSize = AnswerBytesMax,
        };
        try
        {
            using var response = await client.GetAsync(new Uri(endpoint.Url + "/version"), ct);
            var body = await response.Content.ReadAsStringAsync(ct);
            if (!IsKubernetes(response.StatusCode, body))
            {
                throw Unfit($"answers {(int)response.StatusCode}, and not as an API server does", inner: null);
            }
        }
        catch (HttpRequestException e)
        {
            throw Told(e);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw Unseen($"did not answer within {AnswerLimit.TotalSeconds} s", e);
        }
    }

    /// <summary>Waits until the API server shows a certificate with the name, after that was changed on disk.</summary>
    public async Task WaitForNameAsync(CancellationToken ct)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                await RequireAsync(withName: true, ct);
                return;
            }
            catch (SalvorException) when (time.GetElapsedTime(start) < ReloadLimit)
            {
                await Task.Delay(Pause, time, ct);
            }
        }
    }

    /// <summary>Any caller may ask for the version; where that was forbidden, the refusal is Kubernetes' own.</summary>
    private static bool IsKubernetes(HttpStatusCode status, string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object && (status == HttpStatusCode.OK
                ? json.RootElement.TryGetProperty("gitVersion", out _)
                : json.RootElement.TryGetProperty("kind", out var kind) && kind.ValueEquals("Status"));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private SocketsHttpHandler Handler(bool withName)
    {
        var policy = new X509ChainPolicy
        {
            // Cluster CAs publish no revocation lists.
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            TrustMode = X509ChainTrustMode.CustomRootTrust,
        };
        policy.CustomTrustStore.AddRange(Authorities());
        return new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = policy,
                RemoteCertificateValidationCallback = (_, _, _, errors) => errors == SslPolicyErrors.None
                    || (!withName && errors == SslPolicyErrors.RemoteCertificateNameMismatch),
            },
        };
    }

    private X509Certificate2Collection Authorities()
    {
        var file = machine.TryRead(AuthorityPath)
            ?? throw new SalvorException(ErrorCode.NotFound, $"There is no {machine.PathOf(AuthorityPath)}.")
            {
                Hint = "It is the cluster's CA, without which nobody can tell whether it is this cluster that answers.",
            };
        return PemCertificates.Read(file);
    }

    private SalvorException Told(HttpRequestException e) => e.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => Unfit("does not resolve on this machine", e),
        HttpRequestError.SecureConnectionError =>
            Unfit("shows a certificate that is not the cluster's, has expired, or is for other names", e),
        _ => Unseen($"can't be reached: {(e.InnerException?.Message ?? e.Message).TrimEnd('.')}", e),
    };

    private SalvorException Unfit(string why, Exception? inner) =>
        new(ErrorCode.Failed, $"{endpoint} {why}.", inner)
        {
            Hint = $"Let {endpoint.Name} resolve, here and on every worker, to the API server or to what leads to it. "
                + "Where it does, run this on the control plane first: that puts the name into its certificate.",
        };

    private SalvorException Unseen(string why, Exception? inner) =>
        new(ErrorCode.Failed, $"{endpoint} {why}.", inner)
        {
            IsTransient = true,
            Hint = "Nothing is pointed at a name where nobody answers: look where it resolves to, and at firewalls.",
        };
}
