namespace Salvor.Verify;

/// <summary>What a verification saw.</summary>
/// <param name="Path">What was checked.</param>
/// <param name="Kind">What that is.</param>
/// <param name="Database">The database's facts; null when there is none to read.</param>
/// <param name="Findings">Everything that is wrong or worth knowing.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record VerifyReport(string Path, VerifiedKind Kind, DatabaseFacts? Database, FindingList Findings,
    TimeSpan Elapsed);
