using Salvor.Errors;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Salvor.Readiness.Protect.Machine;

/// <summary>Small edits of a YAML text that leave every other byte of it as it is: comments, order, quotes.</summary>
/// <remarks>
/// Edits go by the places of parsed nodes, and each is refused unless the text there is exactly what it is taken for.
/// Only block style is edited line by line; whatever else people write is left to people.
/// </remarks>
internal sealed class YamlText(string path, string text)
{
    private readonly List<(int Start, int Length, string With)> _edits = [];

    /// <summary>The text with all edits done.</summary>
    public string Edited()
    {
        var result = text;
        foreach (var edit in _edits.OrderByDescending(e => e.Start))
        {
            result = string.Concat(result.AsSpan(0, edit.Start), edit.With, result.AsSpan(edit.Start + edit.Length));
        }

        return result;
    }

    /// <summary>Gives a scalar another value, in the quotes that it has.</summary>
    public void Replace(YamlScalarNode node, string value)
    {
        var (start, length) = PlaceOf(node);
        _edits.Add((start, length, Quoted(node, value)));
    }

    /// <summary>Puts an item after another one of the same list, written like that one.</summary>
    public void InsertItemAfter(YamlScalarNode item, string value)
    {
        var (indent, end) = LineOf(item, "- ");
        InsertLine(end, indent + Quoted(item, value));
    }

    /// <summary>Puts a line before that of a list's item or a mapping's key, indented like that one.</summary>
    public void InsertLinesBefore(YamlNode first, params ReadOnlySpan<string> lines)
    {
        var (start, indent) = IndentOf(first);
        _edits.Add((start, 0, string.Concat(lines.ToArray().Select(line => indent + line + LineEnd))));
    }

    /// <summary>Puts a key with its value after another one of the same mapping.</summary>
    public void InsertKeyAfter(YamlScalarNode key, YamlScalarNode value, string line)
    {
        var (indent, _) = LineOf(key, "", endsAtNode: false);
        var (start, length) = PlaceOf(value);
        InsertLine(EndOfLine(start + length, value), indent + line);
    }

    /// <summary>Takes away the line of a list's item.</summary>
    public void RemoveItem(YamlScalarNode item)
    {
        _ = LineOf(item, "- ");
        RemoveLine((int)item.Start.Index);
    }

    /// <summary>Takes away the line of a key with a value of one word.</summary>
    public void RemoveKey(YamlScalarNode key, YamlScalarNode value)
    {
        _ = LineOf(key, "", endsAtNode: false);
        var (start, length) = PlaceOf(value);
        _ = EndOfLine(start + length, value);
        if (value.Start.Line != key.Start.Line)
        {
            throw NotUnderstood(value);
        }

        RemoveLine((int)key.Start.Index);
    }

    /// <summary>Takes away the line of a node, which must hold nothing else than this.</summary>
    public void RemoveLine(YamlNode node, string written)
    {
        var start = StartOfLine((int)node.Start.Index);
        var end = text.IndexOf('\n', start);
        if (!text.AsSpan(start, (end < 0 ? text.Length : end) - start).Trim().SequenceEqual(written))
        {
            throw NotUnderstood(node);
        }

        RemoveLine(start);
    }

    /// <summary>Gives a node's line another content; it must hold nothing else than what is taken for it.</summary>
    public void ReplaceLine(YamlNode node, string written, string with)
    {
        var start = StartOfLine((int)node.Start.Index);
        var end = text.IndexOf('\n', start);
        var line = text[start..(end < 0 ? text.Length : end)];
        if (line.Trim() != written)
        {
            throw NotUnderstood(node);
        }

        _edits.Add((start + line.IndexOf(written, StringComparison.Ordinal), written.Length, with));
    }

    /// <summary>Replaces a key's empty mapping, written <c>{}</c>, by lines below the key.</summary>
    public void ReplaceEmpty(YamlScalarNode key, YamlMappingNode empty, params ReadOnlySpan<string> lines)
    {
        var (_, indent) = IndentOf(key);
        var below = string.Concat(lines.ToArray().Select(line => LineEnd + indent + line));
        ReplaceLine(empty, $"{key.Value}: {{}}", $"{key.Value}:{below}");
    }

    public SalvorException NotUnderstood(YamlNode node) =>
        new(ErrorCode.WrongKind, $"{path}, line {node.Start.Line}: is not written in a way that Salvor edits.")
        {
            Hint = "Write it as kubeadm does, one item a line, or make the change by hand. Nothing was changed.",
        };

    private string LineEnd => text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";

    private static string Quoted(YamlScalarNode node, string value) => node.Style switch
    {
        ScalarStyle.SingleQuoted => $"'{value}'",
        ScalarStyle.DoubleQuoted => $"\"{value}\"",
        _ => value,
    };

    private (int Start, int Length) PlaceOf(YamlScalarNode node)
    {
        var start = (int)node.Start.Index;
        var written = Quoted(node, node.Value ?? "");
        return start >= 0 && start + written.Length <= text.Length
            && text.AsSpan(start, written.Length).SequenceEqual(written)
            ? (start, written.Length)
            : throw NotUnderstood(node);
    }

    /// <summary>
    /// What is before a node on its line, which must be blanks and the mark of an item; and the line's end.
    /// </summary>
    private (string Indent, int End) LineOf(YamlScalarNode node, string mark, bool endsAtNode = true)
    {
        var (start, length) = PlaceOf(node);
        var line = StartOfLine(start);
        var before = text[line..start];
        var isAlone = before.EndsWith(mark, StringComparison.Ordinal)
            && before.AsSpan(0, before.Length - mark.Length).Trim(' ').IsEmpty;
        return isAlone ? (before, endsAtNode ? EndOfLine(start + length, node) : start + length)
            : throw NotUnderstood(node);
    }

    private (int Start, string Indent) IndentOf(YamlNode node)
    {
        var start = (int)node.Start.Index;
        var line = StartOfLine(start);
        var before = text[line..start];
        // The items of a list of mappings begin after their dash.
        var indent = before.EndsWith("- ", StringComparison.Ordinal) ? before[..^2] : before;
        return indent.AsSpan().Trim(' ').IsEmpty ? (line, indent) : throw NotUnderstood(node);
    }

    private int StartOfLine(int index) => index == 0 ? 0 : text.LastIndexOf('\n', index - 1) + 1;

    /// <summary>The end of a line with nothing more but a comment, without its line break.</summary>
    private int EndOfLine(int index, YamlNode node)
    {
        var end = text.IndexOf('\n', index);
        end = end < 0 ? text.Length : end;
        var rest = text.AsSpan(index, end - index).Trim();
        return rest.IsEmpty || rest[0] == '#' ? end : throw NotUnderstood(node);
    }

    private void InsertLine(int end, string line)
    {
        // Before a carriage return that belongs to the line break.
        var at = end > 0 && end <= text.Length && text[end - 1] == '\r' ? end - 1 : end;
        _edits.Add((at, 0, LineEnd + line));
    }

    private void RemoveLine(int index)
    {
        var start = StartOfLine(index);
        var end = text.IndexOf('\n', index);
        _edits.Add((start, (end < 0 ? text.Length : end + 1) - start, ""));
    }
}
