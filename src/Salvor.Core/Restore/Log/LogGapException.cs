using Salvor.Errors;
using Salvor.Formats;
using Salvor.Repository.Log;

namespace Salvor.Restore.Log;

/// <summary>Revisions that the log should hold are missing: the state before them can still be had.</summary>
public sealed class LogGapException(RevisionGap gap, CorruptDataException? why)
    : SalvorException(ErrorCode.Corrupt, Describe(gap, why), why)
{
    public RevisionGap Gap { get; } = gap;

    private static string Describe(RevisionGap gap, CorruptDataException? why)
    {
        var cause = why is null ? "" : $" The segment that held them can't be read: {why.Message}.";
        return $"The log has a gap: {gap}.{cause}";
    }
}
