using Salvor.Errors;
using Salvor.Node;
using Salvor.Readiness.Protect.Machine;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;
using YamlDocument = Salvor.Node.YamlDocument;

namespace Salvor.Readiness.Protect.Endpoint;

/// <summary>kubeadm's ClusterConfiguration: the endpoint, and the names in the API server's certificate.</summary>
/// <remarks>Both are written the same way in every version from v1beta1 to v1beta4.</remarks>
internal sealed class ClusterEndpointText : IEndpointText
{
    public const string Endpoint = "controlPlaneEndpoint";

    private const string Group = "kubeadm.k8s.io/v1";
    private const string ApiServer = "apiServer";
    private const string Names = "certSANs";
    private const string NamePrefix = Names + " ";

    private readonly string _where;
    private readonly string _text;
    private readonly YamlMappingNode _root;

    /// <exception cref="SalvorException">It is nothing of kubeadm's that is known here.</exception>
    public ClusterEndpointText(string where, string text)
    {
        _where = where;
        _text = text;
        _root = YamlDocument.Parse(where, text);
        if (_root.Text("apiVersion")?.StartsWith(Group, StringComparison.Ordinal) != true)
        {
            throw new SalvorException(ErrorCode.WrongKind,
                $"{where} has the version {_root.Text("apiVersion")}, which is not known here.")
            {
                Hint = $"Set {Endpoint} and {ApiServer}.{Names} in it by hand. Nothing was changed.",
            };
        }
    }

    /// <summary>An empty endpoint is none, and a name is there or not.</summary>
    public string? this[string setting] => setting == Endpoint
        ? _root.Text(Endpoint) is { Length: > 0 } endpoint ? endpoint : null
        : NameNode(setting)?.Value;

    public static Dictionary<string, string> Wanted(ApiEndpoint endpoint) => new()
    {
        [Endpoint] = endpoint.ToString(),
        [NamePrefix + endpoint.Name] = endpoint.Name,
    };

    public string With(IReadOnlyDictionary<string, string?> settings)
    {
        // One edit after another, each proved by reading it back: places in the text move with each.
        var text = this;
        foreach (var (setting, value) in settings)
        {
            if (text[setting] == value)
            {
                continue;
            }

            var edit = new YamlText(_where, text._text);
            if (setting == Endpoint)
            {
                text.EditEndpoint(edit, value);
            }
            else
            {
                text.EditName(edit, setting, value);
            }

            var edited = new ClusterEndpointText(_where, edit.Edited());
            text = edited[setting] == value ? edited : throw edit.NotUnderstood(_root);
        }

        return text._text;
    }

    private static YamlScalarNode KeyOf(YamlMappingNode map, string key) =>
        map.Children.Keys.OfType<YamlScalarNode>().First(k => k.Value == key);

    private YamlScalarNode? NameNode(string setting) => _root.Map(ApiServer).Items(Names).OfType<YamlScalarNode>()
        .FirstOrDefault(name => NamePrefix + name.Value == setting);

    private void EditEndpoint(YamlText edit, string? value)
    {
        if (!_root.Children.TryGetValue(new YamlScalarNode(Endpoint), out var node))
        {
            edit.InsertLinesBefore(_root.Children.First().Key, $"{Endpoint}: {value}");
        }
        else if (node is not YamlScalarNode scalar)
        {
            throw edit.NotUnderstood(node);
        }
        else if (value is null)
        {
            edit.RemoveKey(KeyOf(_root, Endpoint), scalar);
        }
        else
        {
            edit.Replace(scalar, value);
        }
    }

    private void EditName(YamlText edit, string setting, string? value)
    {
        if (value is null)
        {
            RemoveName(edit, NameNode(setting)!);
            return;
        }

        if (!_root.Children.TryGetValue(new YamlScalarNode(ApiServer), out var server))
        {
            edit.InsertLinesBefore(_root.Children.First().Key, $"{ApiServer}:", $"  {Names}:", $"  - {value}");
        }
        else if (server is YamlMappingNode { Children.Count: 0 } empty)
        {
            edit.ReplaceEmpty(KeyOf(_root, ApiServer), empty, $"  {Names}:", $"  - {value}");
        }
        else if (server is not YamlMappingNode { Style: not MappingStyle.Flow } map)
        {
            throw edit.NotUnderstood(server);
        }
        else if (!map.Children.TryGetValue(new YamlScalarNode(Names), out var names))
        {
            edit.InsertLinesBefore(map.Children.First().Key, $"{Names}:", $"- {value}");
        }
        else if (names is YamlSequenceNode { Style: not SequenceStyle.Flow } list
            && list.Children.LastOrDefault() is YamlScalarNode last)
        {
            edit.InsertItemAfter(last, value);
        }
        else
        {
            throw edit.NotUnderstood(names);
        }
    }

    private void RemoveName(YamlText edit, YamlScalarNode name)
    {
        var server = _root.Map(ApiServer)!;
        if (server.Items(Names).Count() > 1)
        {
            edit.RemoveItem(name);
            return;
        }

        edit.RemoveItem(name);
        edit.RemoveLine(KeyOf(server, Names), $"{Names}:");
        if (server.Children.Count == 1)
        {
            edit.ReplaceLine(KeyOf(_root, ApiServer), $"{ApiServer}:", $"{ApiServer}: {{}}");
        }
    }
}
