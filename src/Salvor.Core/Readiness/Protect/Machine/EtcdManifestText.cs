using Salvor.Errors;
using Salvor.Node;
using YamlDotNet.RepresentationModel;
using YamlDocument = Salvor.Node.YamlDocument;

namespace Salvor.Readiness.Protect.Machine;

/// <summary>The two settings of etcd's static-pod manifest that are the interlock, and how to write them.</summary>
internal sealed class EtcdManifestText
{
    public const string StateFlag = "initial-cluster-state";

    private const string StateVariable = "ETCD_INITIAL_CLUSTER_STATE";
    private const string ClusterFlag = "initial-cluster";
    private const string TypeKey = "type";

    private readonly string _path;
    private readonly string _text;
    private readonly EtcdFlags _flags;

    /// <summary>Where the state is written, with or without the flag's name before it; null for nowhere.</summary>
    private readonly YamlScalarNode? _state;
    private readonly YamlScalarNode _cluster;
    private readonly YamlMappingNode _volume;

    private EtcdManifestText(string path, string text)
    {
        _path = path;
        _text = text;
        var spec = YamlDocument.Parse(path, text).Map("spec");
        var container = spec.Items("containers").FirstOrDefault(EtcdManifest.IsEtcd)
            ?? throw Refuse("has no container that runs etcd", "Name the static-pod manifest of etcd.");
        _flags = EtcdFlags.Of(container);
        RequireKnownShape(container);
        var words = WordsOf(container);
        _cluster = words.FirstOrDefault(word => IsFlag(word, ClusterFlag))
            ?? throw Refuse($"gives etcd no --{ClusterFlag}, so how many members there are can't be told",
                "Write the flag as kubeadm does.");
        _state = StateOf(words, container);
        _volume = DataVolume(spec, container);
    }

    /// <summary>"new", "existing"; null where nothing is written, which etcd takes for new.</summary>
    public string? State => _flags.All.GetValueOrDefault(StateFlag);

    /// <summary>The hostPath type of the volume that holds the data directory; null where it has none.</summary>
    public string? VolumeType => _volume.Text(TypeKey);

    /// <exception cref="SalvorException">It is not written in a way that Salvor understands.</exception>
    public static EtcdManifestText Parse(string path, string text) => new(path, text);

    /// <summary>The text with both settings as given; null takes a setting away.</summary>
    public string With(string? state, string? volumeType)
    {
        var edit = new YamlText(_path, _text);
        if (state != State)
        {
            EditState(edit, state);
        }

        if (volumeType != VolumeType)
        {
            EditType(edit, volumeType);
        }

        var result = edit.Edited();
        // The proof: what was written is read back as kubelet will.
        var written = Parse(_path, result);
        return written.State == state && written.VolumeType == volumeType
            ? result
            : throw edit.NotUnderstood(_cluster);
    }

    private static bool IsFlag(YamlScalarNode word, string name) =>
        word.Value is { } text && text.StartsWith('-')
        && (text.TrimStart('-') == name || text.TrimStart('-').StartsWith(name + "=", StringComparison.Ordinal));

    private static List<YamlScalarNode> WordsOf(YamlNode container) =>
        [.. container.Items("command").Concat(container.Items("args")).OfType<YamlScalarNode>()];

    private void RequireKnownShape(YamlNode container)
    {
        var program = container.Items("command").OfType<YamlScalarNode>().FirstOrDefault()?.Value;
        if (program is not null && Path.GetFileName(program) != "etcd")
        {
            throw Refuse($"starts etcd through {program}", "Change its command by hand.");
        }

        if (_flags["config-file"] is not null)
        {
            throw Refuse("gives etcd a --config-file, beside which flags mean nothing",
                $"Set {StateFlag}: existing in that file.");
        }

        var members = _flags.List(ClusterFlag).Select(pair => pair.Split('=')[0]).Distinct().Count();
        if (members > 1)
        {
            throw Refuse($"names {members} members in --{ClusterFlag}",
                "The interlock is for control planes of a single node.");
        }
    }

    private YamlScalarNode? StateOf(List<YamlScalarNode> words, YamlNode container)
    {
        var at = words.FindIndex(word => IsFlag(word, StateFlag));
        if (at >= 0 && words.FindLastIndex(word => IsFlag(word, StateFlag)) != at)
        {
            throw Refuse($"has --{StateFlag} more than once", "Leave one.");
        }

        var variable = container.Items("env").FirstOrDefault(v => v.Text("name") == StateVariable);
        if (at < 0)
        {
            // etcd refuses to start with a flag and a variable that differ: the variable is changed where it is.
            return variable is null ? null : ValueOf(variable);
        }

        var hasValue = words[at].Value!.Contains('=', StringComparison.Ordinal);
        return hasValue || at + 1 == words.Count ? words[at] : words[at + 1];
    }

    private YamlScalarNode ValueOf(YamlNode variable) =>
        variable is YamlMappingNode map && map.Children.TryGetValue("value", out var value)
            && value is YamlScalarNode scalar
            ? scalar
            : throw Refuse($"takes {StateVariable} from elsewhere", "Write its value into the manifest.");

    private void EditState(YamlText edit, string? state)
    {
        if (_state is null)
        {
            edit.InsertItemAfter(_cluster, $"--{StateFlag}={state}");
        }
        else if (state is null)
        {
            if (!IsFlag(_state, StateFlag))
            {
                throw edit.NotUnderstood(_state);
            }

            edit.RemoveItem(_state);
        }
        else
        {
            var flag = IsFlag(_state, StateFlag) ? _state.Value!.Split('=')[0] + "=" : "";
            edit.Replace(_state, flag + state);
        }
    }

    private void EditType(YamlText edit, string? type)
    {
        var hostPath = _volume.Children;
        var key = hostPath.Keys.OfType<YamlScalarNode>().FirstOrDefault(k => k.Value == TypeKey);
        if (key is null)
        {
            var path = hostPath.First(pair => pair.Key is YamlScalarNode { Value: "path" });
            edit.InsertKeyAfter((YamlScalarNode)path.Key, (YamlScalarNode)path.Value, $"{TypeKey}: {type}");
        }
        else if (hostPath[key] is not YamlScalarNode value)
        {
            throw edit.NotUnderstood(key);
        }
        else if (type is null)
        {
            edit.RemoveKey(key, value);
        }
        else
        {
            edit.Replace(value, type);
        }
    }

    private YamlMappingNode DataVolume(YamlNode? spec, YamlNode container)
    {
        var directory = _flags["data-dir"]
            ?? throw Refuse("gives etcd no --data-dir", "Write the flag as kubeadm does.");
        var mount = container.Items("volumeMounts")
            .Where(m => m.Text("mountPath") is { } path && HostPaths.Holds(path.TrimEnd('/'), directory))
            .MaxBy(m => m.Text("mountPath")!.TrimEnd('/').Length)?.Text("name");
        var volume = spec.Items("volumes").FirstOrDefault(v => mount is not null && v.Text("name") == mount);
        return volume.Map("hostPath") is { } hostPath && hostPath.Text("path") is not null
            ? hostPath
            : throw Refuse($"has no hostPath volume that holds {directory}",
                "Only data on the machine can be guarded.");
    }

    private SalvorException Refuse(string what, string hint) =>
        new(ErrorCode.WrongKind, $"{_path} {what}.") { Hint = $"{hint} Nothing was changed." };
}
