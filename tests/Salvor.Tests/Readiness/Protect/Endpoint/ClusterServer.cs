using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Salvor.Tests.Readiness.Protect.Endpoint;

/// <summary>What an API server answers for ConfigMaps and a DaemonSet; keeps each call that changes one.</summary>
internal sealed class ClusterServer : HttpMessageHandler
{
    public const string Kubeadm = "kube-system/kubeadm-config/ClusterConfiguration";
    public const string ClusterInfo = "kube-public/cluster-info/kubeconfig";
    public const string Proxy = "kube-system/kube-proxy/kubeconfig.conf";

    /// <summary>Texts by namespace, name and key.</summary>
    public Dictionary<string, string> Texts { get; } = new()
    {
        [Kubeadm] = "apiServer: {}\napiVersion: kubeadm.k8s.io/v1beta4\netcd:\n  local:\n    dataDir: /var/lib/etcd\n",
        [ClusterInfo] = "apiVersion: v1\nclusters:\n- cluster:\n    certificate-authority-data: AAAA\n"
            + "    server: https://10.0.0.5:6443\n  name: \"\"\ncontexts: null\ncurrent-context: \"\"\n",
        [Proxy] = "apiVersion: v1\nkind: Config\nclusters:\n- cluster:\n    certificate-authority: /ca.crt\n"
            + "    server: https://10.0.0.5:6443\n  name: default\n",
    };

    public List<string> Changes { get; } = [];

    public HttpStatusCode PatchStatus { get; set; } = HttpStatusCode.OK;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        if (request.Method != HttpMethod.Get)
        {
            Changes.Add($"{request.Method} {path}");
        }

        if (request.Method == HttpMethod.Patch)
        {
            Assert.Equal("application/merge-patch+json", request.Content!.Headers.ContentType!.MediaType);
            var patch = await request.Content.ReadAsStringAsync(cancellationToken);
            Assert.Contains("kubectl.kubernetes.io/restartedAt", patch, StringComparison.Ordinal);
            return Answer(PatchStatus, "{}");
        }

        var parts = path.Split('/');
        var prefix = $"{parts[4]}/{parts[6]}/";
        if (Texts.Keys.FirstOrDefault(k => k.StartsWith(prefix, StringComparison.Ordinal)) is not { } text)
        {
            return Answer(HttpStatusCode.NotFound, "{}");
        }

        var key = text[prefix.Length..];
        if (request.Method == HttpMethod.Put)
        {
            var put = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!;
            Assert.Equal("kept", put["data"]!["jws-kubeconfig-abcdef"]!.GetValue<string>());
            Texts[text] = put["data"]![key]!.GetValue<string>();
        }

        var data = new JsonObject { [key] = Texts[text], ["jws-kubeconfig-abcdef"] = "kept" };
        return Answer(HttpStatusCode.OK, new JsonObject { ["data"] = data }.ToJsonString());
    }

    private static HttpResponseMessage Answer(HttpStatusCode status, string body) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
}
