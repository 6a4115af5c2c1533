using Salvor.Formats.Bbolt;
using Salvor.Formats.Etcd;

namespace Salvor.Restore.Salvage;

/// <summary>A range of a bucket's keys that damage cut off.</summary>
/// <param name="Lower">From here on; null: from the bucket's first key.</param>
/// <param name="Upper">Up to, not including, here; null: to its last.</param>
internal readonly record struct KeyGap(byte[]? Lower, byte[]? Upper)
{
    public static KeyGap Of(TreeFault fault) => new(fault.LowerBound, fault.UpperBound);

    /// <summary>The first main revision that may be missing.</summary>
    public long FirstMain => Lower is not null && RevisionKey.TryRead(Lower, out var key) ? key.Revision.Main : 1;

    public bool Contains(ReadOnlySpan<byte> key) =>
        (Lower is null || key.SequenceCompareTo(Lower) >= 0) && (Upper is null || key.SequenceCompareTo(Upper) < 0);
}
