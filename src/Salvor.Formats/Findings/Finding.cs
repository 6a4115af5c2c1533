namespace Salvor.Formats.Findings;

/// <summary>One thing that a checker saw. Checkers never stop at the first one.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Code">Stable short name, as in <c>bbolt.page.unreachable</c>; documented in
/// docs/operations/findings.md.</param>
/// <param name="Source">The file it was seen in.</param>
/// <param name="Offset">Byte offset in that file, or null where the finding is about the whole.</param>
/// <param name="Message">A plain sentence with the numbers that matter.</param>
public sealed record Finding(Severity Severity, string Code, string Source, long? Offset, string Message);
