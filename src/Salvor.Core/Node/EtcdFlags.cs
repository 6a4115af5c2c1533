using YamlDotNet.RepresentationModel;

namespace Salvor.Node;

/// <summary>
/// The settings that a container gives to etcd: its flags, and ETCD_* variables where a flag is missing.
/// </summary>
internal sealed class EtcdFlags
{
    private const string EnvironmentPrefix = "ETCD_";

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private EtcdFlags()
    {
    }

    /// <summary>Flag names without dashes, and their values as written.</summary>
    public IReadOnlyDictionary<string, string> All => _values;

    public string? this[string name] => _values.GetValueOrDefault(name);

    public static EtcdFlags Of(YamlNode container)
    {
        var flags = new EtcdFlags();
        flags.AddVariables(container);
        flags.AddWords([.. WordsOf(container, "command"), .. WordsOf(container, "args")]);
        return flags;
    }

    public string[] List(string name) =>
        this[name]?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    public Uri[] Urls(string name) =>
        [.. List(name).Select(text => Uri.TryCreate(text, UriKind.Absolute, out var url) ? url : null).OfType<Uri>()];

    private static IEnumerable<string> WordsOf(YamlNode container, string key) =>
        container.Items(key).OfType<YamlScalarNode>().Select(n => n.Value ?? "");

    private void AddVariables(YamlNode container)
    {
        foreach (var variable in container.Items("env"))
        {
            if (variable.Text("name") is { } name && name.StartsWith(EnvironmentPrefix, StringComparison.Ordinal)
                && variable.Text("value") is { } value)
            {
                _values[name[EnvironmentPrefix.Length..].Replace('_', '-').ToLowerInvariant()] = value;
            }
        }
    }

    private void AddWords(string[] words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            if (!words[i].StartsWith('-'))
            {
                continue;
            }

            var flag = words[i].TrimStart('-');
            var equals = flag.IndexOf('=', StringComparison.Ordinal);
            if (equals >= 0)
            {
                _values[flag[..equals]] = flag[(equals + 1)..];
                continue;
            }

            // Go's flags: "--name value" takes the next word, and a flag at the end or before another flag is a switch.
            var hasValue = i + 1 < words.Length && !words[i + 1].StartsWith('-');
            _values[flag] = hasValue ? words[++i] : "true";
        }
    }
}
