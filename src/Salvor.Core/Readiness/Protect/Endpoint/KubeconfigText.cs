using Salvor.Errors;
using Salvor.Node;
using Salvor.Readiness.Protect.Machine;
using YamlDotNet.RepresentationModel;
using YamlDocument = Salvor.Node.YamlDocument;

namespace Salvor.Readiness.Protect.Endpoint;

/// <summary>The server of a kubeconfig's one cluster.</summary>
internal sealed class KubeconfigText : IEndpointText
{
    public const string Server = "server";

    private readonly string _where;
    private readonly string _text;
    private readonly YamlScalarNode _server;

    /// <exception cref="SalvorException">It has no cluster, or several.</exception>
    public KubeconfigText(string where, string text)
    {
        _where = where;
        _text = text;
        var clusters = YamlDocument.Parse(where, text).Items("clusters").ToList();
        _server = clusters.Count == 1 && clusters[0].Map("cluster") is { } cluster
            && cluster.Children.TryGetValue(new YamlScalarNode(Server), out var node) && node is YamlScalarNode scalar
            ? scalar
            : throw new SalvorException(ErrorCode.WrongKind, $"{where} does not name one cluster with its server.")
            {
                Hint = "Change the server in it by hand. Nothing was changed.",
            };
    }

    public string? this[string setting] => setting == Server ? _server.Value : null;

    public static Dictionary<string, string> Wanted(ApiEndpoint endpoint) => new() { [Server] = endpoint.Url };

    public string With(IReadOnlyDictionary<string, string?> settings)
    {
        if (settings.GetValueOrDefault(Server) is not { } server || server == _server.Value)
        {
            return _text;
        }

        var edit = new YamlText(_where, _text);
        edit.Replace(_server, server);
        var result = edit.Edited();
        return new KubeconfigText(_where, result)[Server] == server ? result : throw edit.NotUnderstood(_server);
    }
}
