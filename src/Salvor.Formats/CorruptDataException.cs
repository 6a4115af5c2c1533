namespace Salvor.Formats;

/// <summary>Bytes that break a format's rules, with the place and the rule.</summary>
/// <remarks>
/// Readers throw it where they can't go on; checkers report <see cref="Findings.Finding"/>s and go on.
/// Nothing else may escape from a reader, whatever the bytes are: the fuzz tests hold it to that.
/// </remarks>
public sealed class CorruptDataException(string source, long offset, string fault)
    : Exception($"{source}: at offset {offset} (0x{offset:x}): {fault}")
{
    /// <summary>The file or object that holds the bytes.</summary>
    public string DataSource { get; } = source;

    /// <summary>Byte offset in that source at which the rule is broken.</summary>
    public long Offset { get; } = offset;

    /// <summary>The broken rule, as a sentence part.</summary>
    public string Fault { get; } = fault;
}
