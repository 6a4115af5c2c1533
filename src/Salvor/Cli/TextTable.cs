namespace Salvor.Cli;

/// <summary>Rows of columns under a heading, each column as wide as its widest cell.</summary>
internal sealed class TextTable(params string[] headings)
{
    private readonly List<string[]> _rows = [headings];

    public void Add(params string[] cells) => _rows.Add(cells);

    /// <param name="output">Where to.</param>
    /// <param name="rightAligned">How many of the first columns hold numbers.</param>
    public void Write(TextWriter output, int rightAligned)
    {
        var widths = Enumerable.Range(0, headings.Length).Select(c => _rows.Max(r => r[c].Length)).ToArray();
        foreach (var row in _rows)
        {
            var cells = row.Select((cell, c) => c < rightAligned ? cell.PadLeft(widths[c]) : cell.PadRight(widths[c]));
            output.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }
}
