namespace Salvor.EtcdClient;

/// <param name="Id">The lease.</param>
/// <param name="Granted">For how long it was granted.</param>
/// <param name="Remaining">How long it lives on without a keep-alive.</param>
/// <param name="Keys">The keys that go with it, where they were asked for.</param>
public sealed record LeaseState(long Id, TimeSpan Granted, TimeSpan Remaining,
    IReadOnlyList<ReadOnlyMemory<byte>> Keys);
