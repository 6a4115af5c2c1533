using System.Collections.Immutable;

namespace Salvor.Recovery.Gate;

/// <summary>What a glance at a data directory told.</summary>
public sealed record DataSighting(DataState State)
{
    /// <summary>Why it is so, as a sentence; null where the state says it all.</summary>
    public string? Detail { get; init; }

    /// <summary>What does not speak against a start and is worth a line.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>Whose data it is, in hex; null where nothing says.</summary>
    public string? ClusterId { get; init; }

    public string? MemberId { get; init; }

    /// <summary>The newest revision in the database; null where it was not read.</summary>
    public long? Revision { get; init; }

    public static DataSighting Torn(string detail) => new(DataState.Torn) { Detail = detail };
}
