using Salvor.Formats.Findings;

namespace Salvor.Verify;

/// <summary>Keeps findings up to a bound, and counts them all. May be told from several threads.</summary>
public sealed class FindingList : IFindingSink
{
    /// <summary>More than anybody reads; a file with a million faults shall not need memory for them.</summary>
    public const int KeptMax = 100_000;

    private readonly Lock _gate = new();
    private readonly List<Finding> _kept = [];
    private readonly int[] _counts = new int[3];

    /// <summary>The findings in the order they were made, at most <see cref="KeptMax"/>.</summary>
    public IReadOnlyList<Finding> Kept => _kept;

    public int Errors => _counts[(int)Severity.Error];

    public int Warnings => _counts[(int)Severity.Warning];

    public int Infos => _counts[(int)Severity.Info];

    /// <summary>Findings that were counted but not kept.</summary>
    public int Dropped => Errors + Warnings + Infos - _kept.Count;

    public void Report(Finding finding)
    {
        lock (_gate)
        {
            _counts[(int)finding.Severity]++;
            if (_kept.Count < KeptMax)
            {
                _kept.Add(finding);
            }
        }
    }
}
