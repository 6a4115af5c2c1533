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
public static class YamlDocument
{
    private const int BytesMax = 1 << 20;
    private const int DepthMax = 64;

    /// <summary>What comes next in an open collection.</summary>
    private enum Place
    {
        Item,
        Key,
        Value,
    }

    /// <exception cref="SalvorException">The file is missing, too large, or no YAML mapping.</exception>
    public static YamlMappingNode Load(IFileSystem fileSystem, string path)
    {
        using var file = fileSystem.OpenRead(path);
        if (file.Length > BytesMax)
        {
            throw Bad(path, $"it has {file.Length} bytes, where a few thousand are usual", inner: null);
        }

        var bytes = new byte[file.Length];
        file.ReadExactlyAt(0, bytes);
        return Parse(path, Encoding.UTF8.GetString(bytes));
    }

    public static YamlMappingNode? Map(this YamlNode? node, string key) => node.Child(key) as YamlMappingNode;

    public static IEnumerable<YamlNode> Items(this YamlNode? node, string key) =>
        node.Child(key) is YamlSequenceNode sequence ? sequence.Children : [];

    public static string? Text(this YamlNode? node, string key) => (node.Child(key) as YamlScalarNode)?.Value;

    /// <summary>Reads a text; the path is for words only.</summary>
    /// <exception cref="SalvorException">It is no YAML mapping.</exception>
    public static YamlMappingNode Parse(string path, string text)
    {
        try
        {
            RefuseTraps(path, text);
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents is [{ RootNode: YamlMappingNode root }, ..]
                ? root
                : throw Bad(path, "it holds no mapping", inner: null);
        }
        catch (Exception e) when (e is not SalvorException)
        {
            // The parser has more ways to fail than it documents.
            var where = e is YamlException { Start.Line: > 0 } y ? $"line {y.Start.Line}: " : "";
            throw Bad(path, where + e.Message, e);
        }
    }

    private static YamlNode? Child(this YamlNode? node, string key) =>
        node is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;

    /// <summary>
    /// The tree is built by recursion, so depth is bounded first: a stack overflow can't be caught. Keys are compared
    /// with all that is in them, where aliases can stand for ages of work: a key must be plain text.
    /// </summary>
    private static void RefuseTraps(string path, string text)
    {
        var open = new Stack<Place>();
        var parser = new Parser(new StringReader(text));
        while (parser.MoveNext())
        {
            if (parser.Current is not NodeEvent and not AnchorAlias)
            {
                if (parser.Current is MappingEnd or SequenceEnd)
                {
                    open.Pop();
                }

                continue;
            }

            if (open.TryPop(out var place))
            {
                if (place == Place.Key && parser.Current is not Scalar)
                {
                    throw Bad(path, $"line {parser.Current.Start.Line}: a key is no plain text", inner: null);
                }

                open.Push(place switch { Place.Key => Place.Value, Place.Value => Place.Key, _ => place });
            }

            if (parser.Current is MappingStart or SequenceStart)
            {
                open.Push(parser.Current is MappingStart ? Place.Key : Place.Item);
            }

            if (open.Count > DepthMax)
            {
                throw Bad(path, $"it is nested more than {DepthMax} levels deep", inner: null);
            }
        }
    }

    private static SalvorException Bad(string path, string why, Exception? inner) =>
        new(ErrorCode.WrongKind, $"{path} can't be read as YAML: {why.TrimEnd('.')}.", inner);
}
