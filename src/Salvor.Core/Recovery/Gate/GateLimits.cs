namespace Salvor.Recovery.Gate;

/// <summary>How long each part of the gate's work may take, from its start. kubelet waits for the last.</summary>
public sealed record GateLimits
{
    /// <summary>How long the repository may take to say which timeline is the newest.</summary>
    public TimeSpan Timeline { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>When the log is left unread from where the glance is.</summary>
    public TimeSpan Log { get; init; } = TimeSpan.FromSeconds(2.5);

    /// <summary>When data that has not shown itself counts as unreadable.</summary>
    public TimeSpan Data { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>When the repository must have told whose a newer timeline is.</summary>
    public TimeSpan Cluster { get; init; } = TimeSpan.FromSeconds(3.5);

    /// <summary>When the record of what was done must be stored.</summary>
    public TimeSpan Record { get; init; } = TimeSpan.FromSeconds(4);
}
