using System.Collections.Immutable;
using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Salvor.Configuration;

/// <summary>One mapping of the file, from which known keys are taken. What is left in the end is unknown.</summary>
/// <param name="path">The section's path; empty for the whole file.</param>
/// <param name="node">Null where the file has no such section.</param>
/// <param name="faults">Takes what is wrong with the keys and the form of values.</param>
/// <param name="known">Takes the path of every key that is asked for, so that the schema can be held to it.</param>
internal sealed class ConfigSection(string path, YamlMappingNode? node, ConfigFaults faults, ISet<string> known)
{
    private readonly Dictionary<string, YamlNode> _left = node?.Children.ToDictionary(
        c => ((YamlScalarNode)c.Key).Value ?? "", c => c.Value, StringComparer.Ordinal) ?? [];

    public string? Text(string key) => Take(key) switch
    {
        null => null,
        YamlScalarNode { Value: { Length: > 0 } text } scalar when !IsNull(scalar) => text,
        YamlScalarNode => Fault<string>(key, "is empty; leave the line out, or give it a value."),
        _ => Fault<string>(key, "must be a text."),
    };

    public long Number(string key, long fallback) => Text(key) switch
    {
        null => fallback,
        var text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            => number,
        var text => FaultOr(key, $"'{text}' is no whole number.", fallback),
    };

    public int Count(string key, int fallback)
    {
        var number = Number(key, fallback);
        return number is >= int.MinValue and <= int.MaxValue
            ? (int)number
            : FaultOr(key, $"{number} is far outside of what makes sense.", fallback);
    }

    public bool Switch(string key) => Text(key) switch
    {
        null or "false" => false,
        "true" => true,
        var text => FaultOr(key, $"'{text}' is neither true nor false.", fallback: false),
    };

    public ImmutableArray<string> List(string key)
    {
        switch (Take(key))
        {
            case null:
                return [];
            case YamlSequenceNode { Children: { Count: > 0 } items } when items.All(IsText):
                return [.. items.Select(i => ((YamlScalarNode)i).Value!)];
            default:
                return FaultOr<ImmutableArray<string>>(key, "must be a list of texts, as in [a, b].", []);
        }
    }

    public ConfigSection Section(string key)
    {
        var mapping = Take(key) switch
        {
            null => null,
            YamlMappingNode map => map,
            YamlScalarNode scalar when IsNull(scalar) => null, // All its lines are commented out.
            _ => Fault<YamlMappingNode>(key, "must be a section with keys of its own."),
        };
        return new ConfigSection(PathOf(key), mapping, faults, known);
    }

    /// <summary>Reports every key that nobody has asked for.</summary>
    public void Close()
    {
        foreach (var key in _left.Keys)
        {
            faults.Add(PathOf(key), "is not known here; is it misspelt, or indented wrongly?");
        }
    }

    private static bool IsText(YamlNode node) => node is YamlScalarNode { Value.Length: > 0 } scalar && !IsNull(scalar);

    private static bool IsNull(YamlScalarNode scalar) =>
        scalar.Style == YamlDotNet.Core.ScalarStyle.Plain && scalar.Value is null or "" or "~" or "null";

    private YamlNode? Take(string key)
    {
        known.Add(PathOf(key));
        return _left.Remove(key, out var value) ? value : null;
    }

    private T? Fault<T>(string key, string sentence)
        where T : class
    {
        faults.Add(PathOf(key), sentence);
        return null;
    }

    private T FaultOr<T>(string key, string sentence, T fallback)
    {
        faults.Add(PathOf(key), sentence);
        return fallback;
    }

    private string PathOf(string key) => path.Length == 0 ? key : $"{path}.{key}";
}
