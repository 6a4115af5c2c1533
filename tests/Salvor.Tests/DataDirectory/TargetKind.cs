namespace Salvor.Tests.DataDirectory;

/// <summary>What a restore finds where it shall restore to.</summary>
public enum TargetKind
{
    Empty,
    Missing,
    StaleStaging,
    Member,
    MissingWithWal,
    FreshWithWal,
    MemberWithWal,
}
