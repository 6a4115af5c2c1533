using System.Runtime.InteropServices;
using Salvor.Formats.Bytes;

namespace Salvor.Formats.Etcd;

/// <summary>The newest state of every user key of a keyspace, held by exact key.</summary>
/// <remarks>
/// About 100 bytes and the key itself for each key that ever was: what etcd holds too, and far below what it serves.
/// </remarks>
public sealed class KeyIndex
{
    private readonly Dictionary<byte[], KeyState> _states = new(ByteKeyComparer.Instance);
    private readonly Dictionary<byte[], KeyState>.AlternateLookup<ReadOnlySpan<byte>> _lookup;

    public KeyIndex() => _lookup = _states.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>User keys seen, deleted ones included.</summary>
    public int Count => _states.Count;

    public IEnumerable<KeyValuePair<byte[], KeyState>> All => _states;

    /// <summary>Whether the key has been seen, and its newest state.</summary>
    public bool TryGet(ReadOnlySpan<byte> key, out KeyState state) => _lookup.TryGetValue(key, out state);

    /// <summary>The state to update; a fresh one for a key not seen before. Valid until the next call.</summary>
    public ref KeyState Update(ReadOnlySpan<byte> key, out bool isKnown) =>
        ref CollectionsMarshal.GetValueRefOrAddDefault(_lookup, key, out isKnown);
}
