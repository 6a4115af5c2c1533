namespace Salvor.Restore.FromRepository;

/// <summary>What could have been used, had it not been damaged.</summary>
/// <param name="What">A snapshot by its id, or a part of the log.</param>
/// <param name="Revision">The snapshot's revision, or the first one that the log lacks.</param>
/// <param name="Why">What is wrong with it.</param>
public sealed record PassedOver(string What, long Revision, string Why);
