using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Salvor.Tests.Readiness.Protect.Cluster;

/// <summary>What an API server answers for one ConfigMap, with its rule that a put names the newest version.</summary>
internal sealed class ConfigMapServer(string? configuration) : HttpMessageHandler
{
    private int _version = 41;

    public string? Configuration { get; private set; } = configuration;

    public int Puts { get; private set; }

    /// <summary>How many puts find that somebody else was quicker.</summary>
    public int Races { get; set; }

    /// <summary>What is answered instead, when it is down or refuses.</summary>
    public HttpStatusCode? Instead { get; set; }

    public string? LastPut { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Assert.Equal("/api/v1/namespaces/kube-system/configmaps/kubeadm-config", request.RequestUri!.AbsolutePath);
        if (Instead is { } other)
        {
            return Answer(other, "{\"message\":\"not now\"}");
        }

        if (request.Method == HttpMethod.Get)
        {
            return Configuration is null
                ? Answer(HttpStatusCode.NotFound, "{}")
                : Answer(HttpStatusCode.OK, Whole());
        }

        if (Races-- > 0)
        {
            _version++;
        }

        LastPut = await request.Content!.ReadAsStringAsync(cancellationToken);
        var put = JsonNode.Parse(LastPut)!;
        if (put["metadata"]!["resourceVersion"]!.GetValue<string>() != $"{_version}")
        {
            return Answer(HttpStatusCode.Conflict, "{}");
        }

        Puts++;
        _version++;
        Configuration = put["data"]!["ClusterConfiguration"]!.GetValue<string>();
        return Answer(HttpStatusCode.OK, Whole());
    }

    private static HttpResponseMessage Answer(HttpStatusCode status, string body) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    private string Whole() => new JsonObject
    {
        ["kind"] = "ConfigMap",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject
        {
            ["name"] = "kubeadm-config",
            ["resourceVersion"] = $"{_version}",
            ["labels"] = new JsonObject { ["kept"] = "<as it is>" },
        },
        ["data"] = new JsonObject { ["ClusterConfiguration"] = Configuration, ["Other"] = "kept" },
    }.ToJsonString();
}
