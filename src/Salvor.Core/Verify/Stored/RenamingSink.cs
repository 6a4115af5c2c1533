using Salvor.Formats.Findings;

namespace Salvor.Verify.Stored;

/// <summary>
/// Passes findings on under the name of what is really checked: a temporary file means nothing to anybody.
/// </summary>
internal sealed class RenamingSink(IFindingSink next, string source) : IFindingSink
{
    public void Report(Finding finding) => next.Report(finding with { Source = source });
}
