namespace Salvor.Recovery.Shared;

/// <summary>An incident that goes on.</summary>
/// <param name="Journal">Where its next entry is appended.</param>
/// <param name="Entries">What was written so far, in order; never empty, unless entries were taken away.</param>
public sealed record OpenIncident<T>(StoreJournal<T> Journal, IReadOnlyList<T> Entries)
    where T : class;
