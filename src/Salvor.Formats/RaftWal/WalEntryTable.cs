namespace Salvor.Formats.RaftWal;

/// <summary>Where each entry of an unbroken run of the log lies, from a given index on: 24 bytes for each.</summary>
/// <remarks>
/// A later entry with an index already seen replaces it and discards all that followed (raft's rule for a log whose
/// tail a new
/// leader rewrote). Entries beyond a missing index are not kept: nothing may be applied past one.
/// </remarks>
public sealed class WalEntryTable(ulong firstIndex)
{
    private readonly List<Slot> _slots = [];

    /// <summary>The index of the first entry wanted.</summary>
    public ulong FirstIndex { get; } = firstIndex;

    public int Count => _slots.Count;

    /// <summary>The last index of the unbroken run; one below <see cref="FirstIndex"/> when the run is empty.</summary>
    public ulong LastIndex => unchecked(FirstIndex + (ulong)_slots.Count - 1);

    /// <summary>The place of the record that holds an entry, which must be in the run.</summary>
    public WalPosition this[ulong index] => _slots[(int)(index - FirstIndex)].Position;

    internal bool TryAdd(ulong index, int segment, long offset)
    {
        if (index < FirstIndex)
        {
            // The run's beginning was rewritten too.
            _slots.Clear();
            return true;
        }

        var position = index - FirstIndex;
        if (position > (ulong)_slots.Count)
        {
            return false;
        }

        _slots.RemoveRange((int)position, _slots.Count - (int)position);
        _slots.Add(new Slot(segment, offset));
        return true;
    }

    private readonly record struct Slot(int Segment, long Offset)
    {
        public WalPosition Position => new(Segment, Offset);
    }
}
