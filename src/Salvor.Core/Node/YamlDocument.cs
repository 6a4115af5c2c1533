using System.Text;
using Salvor.Errors;
using Salvor.Formats.Bytes;
using Salvor.Platform;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Salvor.Node;

/// <summary>
/// A small YAML file as a tree of nodes. Whatever is asked for and not there is null, never an exception.
/// </summary>
internal static class YamlDocument
{
    private const int BytesMax = 1 << 20;
    private const int DepthMax = 64;

    /// <exception cref="SalvorException">The file is missing, too large, or no YAML mapping.</exception>
    public static YamlMappingNode Load(IFileSystem fileSystem, string path)
    {
        using var file = fileSystem.OpenRead(path);
        if (file.Length > BytesMax)
        {
            throw Bad(path, $"it has {file.Length} bytes, and a manifest has a few thousand", inner: null);
        }

        var bytes = new byte[file.Length];
        file.ReadExactlyAt(0, bytes);
        return Parse(path, Encoding.UTF8.GetString(bytes));
    }

    public static YamlMappingNode? Map(this YamlNode? node, string key) => node.Child(key) as YamlMappingNode;

    public static IEnumerable<YamlNode> Items(this YamlNode? node, string key) =>
        node.Child(key) is YamlSequenceNode sequence ? sequence.Children : [];

    public static string? Text(this YamlNode? node, string key) => (node.Child(key) as YamlScalarNode)?.Value;

    private static YamlNode? Child(this YamlNode? node, string key) =>
        node is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;

    private static YamlMappingNode Parse(string path, string text)
    {
        try
        {
            RefuseDepth(path, text);
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents is [{ RootNode: YamlMappingNode root }, ..]
                ? root
                : throw Bad(path, "it holds no mapping", inner: null);
        }
        catch (Exception e) when (e is YamlException or ArgumentException)
        {
            var where = e is YamlException { Start.Line: > 0 } y ? $"line {y.Start.Line}: " : "";
            throw Bad(path, where + e.Message, e);
        }
    }

    /// <summary>The tree is built by recursion, so depth is bounded first: a stack overflow can't be caught.</summary>
    private static void RefuseDepth(string path, string text)
    {
        var depth = 0;
        var parser = new Parser(new StringReader(text));
        while (parser.MoveNext())
        {
            depth += parser.Current switch
            {
                MappingStart or SequenceStart => 1,
                MappingEnd or SequenceEnd => -1,
                _ => 0,
            };
            if (depth > DepthMax)
            {
                throw Bad(path, $"it is nested more than {DepthMax} levels deep", inner: null);
            }
        }
    }

    private static SalvorException Bad(string path, string why, Exception? inner) =>
        new(ErrorCode.WrongKind, $"{path} can't be read as YAML: {why.TrimEnd('.')}.", inner);
}
