using System.Buffers;
using Salvor.Formats.Etcd;
using Salvor.Formats.Etcd.Replay;

namespace Salvor.Tests.Etcd.Replay;

/// <summary>Keeps a replay's entries in memory; the base is a list too.</summary>
internal sealed class MemoryReplayStore : IReplayStore
{
    public SortedDictionary<Revision, byte[]> Base { get; } = [];

    public List<(RevisionKey Key, byte[] Value)> New { get; } = [];

    public bool TryReadBase(Revision revision, IBufferWriter<byte> keyValue)
    {
        if (Base.TryGetValue(revision, out var bytes))
        {
            keyValue.Write(bytes);
            return true;
        }

        return false;
    }

    public long Append(RevisionKey key, ReadOnlySpan<byte> keyValue)
    {
        New.Add((key, keyValue.ToArray()));
        return New.Count - 1;
    }

    public bool TryReadBack(long place, IBufferWriter<byte> keyValue)
    {
        keyValue.Write(New[(int)place].Value);
        return true;
    }

    /// <summary>The new entries, one a line.</summary>
    public string Show() => string.Join('\n', New.Select(e =>
    {
        _ = KeyValue.TryRead(e.Value, out var kv);
        var mark = e.Key.IsTombstone ? "t" : "";
        return $"{e.Key.Revision}{mark} {Text(kv.Key)}={Text(kv.Value)} c{kv.CreateRevision} m{kv.ModRevision} "
            + $"v{kv.Version} l{kv.Lease}";
    }));

    private static string Text(ReadOnlySpan<byte> bytes) => System.Text.Encoding.UTF8.GetString(bytes);
}
