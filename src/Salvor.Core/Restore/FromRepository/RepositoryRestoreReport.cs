namespace Salvor.Restore.FromRepository;

/// <summary>What a restore out of a repository made, and out of what.</summary>
public sealed record RepositoryRestoreReport(RestoreReport Restored, RestorePlan Plan);
