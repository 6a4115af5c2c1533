using Salvor.Repository;

namespace Salvor.Recovery.Lease;

/// <summary>What the lease's object holds.</summary>
public sealed record LeaseDocument
{
    /// <summary>Raised whenever the lease is taken, by whomever; the same in all renewals. It fences.</summary>
    public required long Generation { get; init; }

    /// <summary>Who holds it; null when it was given back.</summary>
    public required string? Holder { get; init; }

    /// <summary>Different in every write.</summary>
    public required string Nonce { get; init; }

    /// <summary>How long it holds, from the start of this write on.</summary>
    public required int DurationMilliseconds { get; init; }

    /// <summary>When, by the writer's clock. For people: no rule reads it.</summary>
    public required DateTimeOffset Written { get; init; }

    /// <summary>What breaks the format's rules; null when nothing does.</summary>
    internal string? Fault() =>
        Generation is < 1 or > long.MaxValue - 1 ? $"its generation is {Generation}"
        : Holder is not null && !HolderId.TryParse(Holder, out _) ? "its holder is no name"
        : !Shared.Nonce.IsValid(Nonce) ? "its nonce is not 32 hex digits"
        : DurationMilliseconds < LeaseOptions.DurationMin.TotalMilliseconds
            || DurationMilliseconds > LeaseOptions.DurationMax.TotalMilliseconds
            ? $"its duration is {DurationMilliseconds} ms"
        : null;
}
