using Salvor.Errors;
using Salvor.Node;
using Salvor.Readiness.Protect.Machine;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;
using YamlDocument = Salvor.Node.YamlDocument;

namespace Salvor.Readiness.Protect.Cluster;

/// <summary>kubeadm's ClusterConfiguration, and the argument of etcd in it that is the interlock.</summary>
/// <remarks>
/// <code>
/// v1beta1 to v1beta3: etcd.local.extraArgs is a mapping     v1beta4: a list
///       extraArgs:                                                extraArgs:
///         initial-cluster-state: existing                         - name: initial-cluster-state
///                                                                   value: existing
/// </code>
/// </remarks>
internal sealed class ClusterConfigurationText
{
    private const string Group = "kubeadm.k8s.io/";
    private const string ArgumentsKey = "extraArgs";

    private readonly string _where;
    private readonly string _text;
    private readonly bool _isList;
    private readonly YamlMappingNode? _local;

    private ClusterConfigurationText(string where, string text)
    {
        _where = where;
        _text = text;
        var root = YamlDocument.Parse(where, text);
        var version = root.Text("apiVersion");
        _isList = version == Group + "v1beta4";
        if (!_isList && version is not (Group + "v1beta1" or Group + "v1beta2" or Group + "v1beta3"))
        {
            throw ByHand($"{where} has the version {version}, which is not known here.");
        }

        var etcd = root.Map("etcd");
        IsExternal = etcd.Map("external") is not null;
        _local = etcd.Map("local");
    }

    /// <summary>Whether kubeadm does not run this cluster's etcd.</summary>
    public bool IsExternal { get; }

    /// <summary>The value of the argument; null where it is not given.</summary>
    public string? State => _isList
        ? ListItems().LastOrDefault()?.Text("value")
        : _local.Map(ArgumentsKey).Text(EtcdManifestText.StateFlag);

    /// <exception cref="SalvorException">It is not written in a way that Salvor understands.</exception>
    public static ClusterConfigurationText Parse(string where, string text) => new(where, text);

    /// <summary>The text with the argument as given; null takes it away.</summary>
    public string With(string? state)
    {
        var edit = new YamlText(_where, _text);
        var local = _local is { Style: not MappingStyle.Flow, Children.Count: > 0 }
            ? _local
            : throw ByHand($"{_where} has no etcd.local that Salvor can edit.");
        if (state is null)
        {
            Remove(edit, local);
        }
        else if (State is not null)
        {
            edit.Replace(ValueNode(local), state);
        }
        else
        {
            Add(edit, local, state);
        }

        var result = edit.Edited();
        return Parse(_where, result).State == state ? result : throw edit.NotUnderstood(local);
    }

    private static SalvorException ByHand(string sentence) => new(ErrorCode.WrongKind, sentence)
    {
        Hint = $"Add {EtcdManifestText.StateFlag}=existing to etcd.local.extraArgs by hand. Nothing was changed.",
    };

    private static YamlNode KeyOf(YamlMappingNode map, string key) =>
        map.Children.Keys.First(k => k is YamlScalarNode scalar && scalar.Value == key);

    private IEnumerable<YamlMappingNode> ListItems() => _local.Items(ArgumentsKey).OfType<YamlMappingNode>()
        .Where(item => item.Text("name") == EtcdManifestText.StateFlag);

    private YamlScalarNode ValueNode(YamlMappingNode local) => (YamlScalarNode)(_isList
        ? ListItems().Last().Children["value"]
        : local.Map(ArgumentsKey)!.Children[EtcdManifestText.StateFlag]);

    private string[] Lines(string state) => _isList
        ? [$"- name: {EtcdManifestText.StateFlag}", $"  value: {state}"]
        : [$"{EtcdManifestText.StateFlag}: {state}"];

    private void Add(YamlText edit, YamlMappingNode local, string state)
    {
        if (!local.Children.TryGetValue(ArgumentsKey, out var arguments))
        {
            edit.InsertLinesBefore(local.Children.First().Key,
                [$"{ArgumentsKey}:", .. Lines(state).Select(line => "  " + line)]);
            return;
        }

        YamlNode? first = arguments switch
        {
            YamlMappingNode { Style: not MappingStyle.Flow } map when !_isList => map.Children.FirstOrDefault().Key,
            YamlSequenceNode { Style: not SequenceStyle.Flow } list when _isList => list.Children.FirstOrDefault(),
            _ => null,
        };
        edit.InsertLinesBefore(first ?? throw edit.NotUnderstood(arguments), Lines(state));
    }

    private void Remove(YamlText edit, YamlMappingNode local)
    {
        var arguments = local.Children[ArgumentsKey];
        var isOnly = arguments is YamlMappingNode { Children.Count: 1 } or YamlSequenceNode { Children.Count: 1 };
        if (isOnly)
        {
            edit.RemoveLine(KeyOf(local, ArgumentsKey), $"{ArgumentsKey}:");
        }

        if (_isList)
        {
            var item = ListItems().Last();
            edit.RemoveLine(KeyOf(item, "name"), $"- name: {EtcdManifestText.StateFlag}");
            edit.RemoveLine(KeyOf(item, "value"), $"value: {State}");
        }
        else
        {
            edit.RemoveLine(KeyOf((YamlMappingNode)arguments, EtcdManifestText.StateFlag),
                $"{EtcdManifestText.StateFlag}: {State}");
        }
    }
}
