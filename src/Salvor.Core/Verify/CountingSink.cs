using Salvor.Formats.Findings;

namespace Salvor.Verify;

/// <summary>Passes findings on and counts the errors among them.</summary>
internal sealed class CountingSink(IFindingSink next) : IFindingSink
{
    public int Errors { get; private set; }

    public void Report(Finding finding)
    {
        Errors += finding.Severity == Severity.Error ? 1 : 0;
        next.Report(finding);
    }
}
