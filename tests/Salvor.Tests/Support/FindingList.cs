using Salvor.Formats.Findings;

namespace Salvor.Tests.Support;

/// <summary>Keeps findings for a test to look at.</summary>
internal sealed class FindingList : IFindingSink
{
    public List<Finding> All { get; } = [];

    public IEnumerable<string> Codes => All.Select(f => f.Code);

    public void Report(Finding finding) => All.Add(finding);
}
