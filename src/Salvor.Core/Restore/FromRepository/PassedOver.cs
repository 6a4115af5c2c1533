namespace Salvor.Restore.FromRepository;

/// <summary>A snapshot that could have been used, had it not been damaged.</summary>
public sealed record PassedOver(string Snapshot, long Revision, string Why);
