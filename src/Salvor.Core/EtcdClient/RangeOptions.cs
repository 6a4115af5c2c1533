namespace Salvor.EtcdClient;

/// <summary>How a range is read.</summary>
public sealed record RangeOptions
{
    public static RangeOptions Default { get; } = new();

    /// <summary>The most keys to answer with; 0 for all.</summary>
    public long LimitKeys { get; init; }

    /// <summary>At which revision; 0 for the newest.</summary>
    public long Revision { get; init; }

    /// <summary>Answer from the member's own state, without asking the leader.</summary>
    public bool IsSerializable { get; init; }

    public bool KeysOnly { get; init; }

    public bool CountOnly { get; init; }
}
