using Salvor.ObjectStore;
using Salvor.Repository.Packs;

namespace Salvor.Verify.Stored;

/// <summary>A pack that some snapshot names, and what is known of it so far.</summary>
internal sealed class CheckedPack(ObjectName name, long bytes)
{
    public ObjectName Name { get; } = name;

    /// <summary>As the snapshot says.</summary>
    public long Bytes { get; } = bytes;

    /// <summary>The pages in it, once its directory was read; without their hashes, for the sake of memory.</summary>
    public PageRun[]? Runs { get; set; }

    public bool IsGood { get; set; } = true;

    /// <summary>Whether all of it was read.</summary>
    public bool IsRead { get; set; }
}
