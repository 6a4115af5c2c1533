using Salvor.Errors;
using Salvor.Repository;

namespace Salvor.Recovery.Gate;

/// <summary>The little that the gate asks of a repository.</summary>
public interface IGateRepository
{
    /// <summary>Where it is, for people.</summary>
    string Location { get; }

    /// <summary>The newest active timeline; null where there is none, or not even the known one.</summary>
    /// <param name="known">Where to begin looking. A healthy start needs no key, and three requests.</param>
    /// <param name="ct">Ends the looking.</param>
    /// <exception cref="SalvorException">It does not answer, or is none.</exception>
    Task<TimelineId?> FindNewestAsync(TimelineId? known, CancellationToken ct);

    /// <summary>The cluster that writes to a timeline, in hex; null where it does not say. Needs the key.</summary>
    /// <exception cref="SalvorException">It does not answer, or the key is not at hand.</exception>
    Task<string?> FindClusterAsync(TimelineId timeline, CancellationToken ct);

    /// <summary>Stores what the gate did, for those who can't reach the machine. Needs the key.</summary>
    /// <returns>The object's name.</returns>
    /// <exception cref="SalvorException">It does not answer, or the key is not at hand.</exception>
    Task<string> RecordAsync(GateRecord record, CancellationToken ct);
}
