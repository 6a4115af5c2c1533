using System.Xml;

namespace Salvor.Providers.Aws;

/// <summary>Reads a service's XML, within bounds: it comes from a network.</summary>
internal static class AnswerReader
{
    /// <summary>A page of a hundred alarms has some 300 KB.</summary>
    public const int BytesMax = 4 << 20;

    /// <summary>What is known to be deepest has 14.</summary>
    public const int DepthMax = 48;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
        MaxCharactersInDocument = BytesMax,
    };

    /// <exception cref="XmlException">It is no XML, or beyond the bounds.</exception>
    public static AnswerElement Read(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        using var reader = XmlReader.Create(stream, Settings);
        var open = new Stack<AnswerElement>();
        AnswerElement? root = null;
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    var element = new AnswerElement(reader.LocalName);
                    root ??= element;
                    if (open.TryPeek(out var parent))
                    {
                        parent.Add(element);
                    }

                    if (!reader.IsEmptyElement)
                    {
                        open.Push(element);
                        CheckDepth(open.Count);
                    }

                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA when open.TryPeek(out var inside):
                    inside.Text = reader.Value;
                    break;
                case XmlNodeType.EndElement:
                    open.Pop();
                    break;
            }
        }

        return root ?? throw new XmlException("There is no element in it.");
    }

    /// <summary>Whether it is XML within the bounds, for a parser that has none of its own.</summary>
    /// <exception cref="XmlException">It is not.</exception>
    public static void Check(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        using var reader = XmlReader.Create(stream, Settings);
        while (reader.Read())
        {
            CheckDepth(reader.Depth);
        }
    }

    private static void CheckDepth(int depth)
    {
        if (depth > DepthMax)
        {
            throw new XmlException($"Its elements are more than {DepthMax} deep.");
        }
    }
}
