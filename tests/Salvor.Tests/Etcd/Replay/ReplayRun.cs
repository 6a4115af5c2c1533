using Salvor.Formats.Etcd.Replay;
using Salvor.Formats.Raft;

namespace Salvor.Tests.Etcd.Replay;

/// <summary>Applies requests one after the other.</summary>
internal sealed class ReplayRun
{
    public ReplayRun() => Replay = new KeyspaceReplay(Store, new ReplayOptions());

    public MemoryReplayStore Store { get; } = new();

    public KeyspaceReplay Replay { get; }

    public ReplayRun Apply(params byte[][] requests)
    {
        foreach (var request in requests)
        {
            Assert.Equal(ReplayStop.None, TryApply(request));
        }

        return this;
    }

    public ReplayStop TryApply(byte[] request) =>
        Replay.Apply(new Entry(EntryKind.Normal, 2, Replay.ConsistentIndex + 1, request));
}
