using System.Text.Json;
using Salvor.Formats.Findings;
using Salvor.Verify;

namespace Salvor.Cli;

/// <summary>Findings as every command shows them to people: one a line.</summary>
internal static class FindingText
{
    public static void Write(TextWriter output, FindingList findings)
    {
        foreach (var finding in findings.Kept)
        {
            var place = finding.Offset is { } offset ? $" at {offset} (0x{offset:x})" : "";
            output.WriteLine($"{Name(finding.Severity),-8} {finding.Code}: {finding.Source}{place}: {finding.Message}");
        }

        if (findings.Dropped > 0)
        {
            output.WriteLine($"... and {findings.Dropped} more.");
        }
    }

    /// <summary>How good that makes it, as in "/srv/x is good, with 2 warnings (1.2 s).".</summary>
    public static void WriteVerdict(TextWriter output, string what, FindingList findings, TimeSpan elapsed) =>
        output.WriteLine(findings switch
        {
            { Errors: 0, Warnings: 0 } => $"{what} is good ({ProgressText.Duration(elapsed)}).",
            { Errors: 0 } => $"{what} is good, with {findings.Warnings} warnings ({ProgressText.Duration(elapsed)}).",
            _ => $"{what} is damaged: {findings.Errors} errors, {findings.Warnings} warnings "
                + $"({ProgressText.Duration(elapsed)}).",
        });

    private static string Name(Severity severity) => JsonNamingPolicy.CamelCase.ConvertName(severity.ToString());
}
