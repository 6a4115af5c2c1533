namespace Salvor.EtcdClient;

/// <summary>How the asked member is doing.</summary>
public sealed record MemberStatus
{
    public required ulong ClusterId { get; init; }

    public required ulong MemberId { get; init; }

    /// <summary>The keyspace's revision that this member has reached.</summary>
    public required long Revision { get; init; }

    /// <summary>etcd's version, as in "3.5.16".</summary>
    public required string Version { get; init; }

    /// <summary>The database file, free pages included; the length of a snapshot before its hash.</summary>
    public required long DatabaseBytes { get; init; }

    /// <summary>The part of it that holds something.</summary>
    public required long DatabaseInUseBytes { get; init; }

    /// <summary>The leader's member id; 0 when there is none.</summary>
    public required ulong LeaderId { get; init; }

    public required ulong RaftTerm { get; init; }

    public required ulong RaftIndex { get; init; }

    public required ulong RaftAppliedIndex { get; init; }

    public required bool IsLearner { get; init; }

    /// <summary>What the member complains about, such as its alarms.</summary>
    public required IReadOnlyList<string> Errors { get; init; }

    internal static MemberStatus From(Protos.StatusResponse answer) => new()
    {
        ClusterId = answer.Header.ClusterId,
        MemberId = answer.Header.MemberId,
        Revision = answer.Header.Revision,
        Version = answer.Version,
        DatabaseBytes = answer.DbSize,
        DatabaseInUseBytes = answer.DbSizeInUse,
        LeaderId = answer.Leader,
        RaftTerm = answer.RaftTerm,
        RaftIndex = answer.RaftIndex,
        RaftAppliedIndex = answer.RaftAppliedIndex,
        IsLearner = answer.IsLearner,
        Errors = answer.Errors,
    };
}
