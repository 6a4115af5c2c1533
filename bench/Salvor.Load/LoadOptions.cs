namespace Salvor.Load;

/// <summary>What keyspace to make. The same options always make the same keys and values.</summary>
public sealed record LoadOptions
{
    /// <summary>About how large etcd's database file is to become, in bytes.</summary>
    public long DatabaseBytes { get; init; } = 400_000_000;

    /// <summary>How many keys are made, before deletions.</summary>
    public int KeyCount { get; init; } = 120_000;

    /// <summary>How many later writes there are per key: nine in ten change a key, one deletes it.</summary>
    public double Churn { get; init; } = 0.2;

    public int Seed { get; init; } = 1;

    /// <summary>Requests under way at once. Only with 1 does every key get the same revision in each run.</summary>
    public int Parallel { get; init; } = 4;
}
