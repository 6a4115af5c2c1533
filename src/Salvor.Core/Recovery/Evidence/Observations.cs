using System.Collections.Immutable;

namespace Salvor.Recovery.Evidence;

/// <summary>What one look saw, sign by sign. What it does not name is unknown.</summary>
public sealed class Observations
{
    private readonly ImmutableDictionary<Sign, Sighting> _seen;

    private Observations(ImmutableDictionary<Sign, Sighting> seen) => _seen = seen;

    public static Observations None { get; } = new(ImmutableDictionary<Sign, Sighting>.Empty);

    public Sighting this[Sign sign] =>
        _seen.TryGetValue(sign, out var sighting) ? sighting : new Sighting(Truth.Unknown, "");

    /// <summary>What is known, in the signs' order.</summary>
    public IEnumerable<KeyValuePair<Sign, Sighting>> Known =>
        _seen.Where(pair => pair.Value.Truth != Truth.Unknown).OrderBy(pair => pair.Key);

    public Observations With(Sign sign, Truth truth, string detail = "") =>
        new(_seen.SetItem(sign, new Sighting(truth, detail)));

    public Observations With(Sign sign, bool isSo, string detail = "") =>
        With(sign, isSo ? Truth.Yes : Truth.No, detail);

    /// <summary>This look with another's beside it; where both saw a sign, the other's counts.</summary>
    public Observations And(Observations other) => new(_seen.SetItems(other._seen));
}
