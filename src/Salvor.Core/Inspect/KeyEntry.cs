using Salvor.Formats.Etcd;

namespace Salvor.Inspect;

/// <summary>A key as it was at a revision.</summary>
/// <param name="Key">Its bytes.</param>
/// <param name="Revision">The change that made it so.</param>
/// <param name="CreateRevision">When it came into being.</param>
/// <param name="Version">Puts since then.</param>
/// <param name="Lease">The lease it hangs on; 0 for none.</param>
/// <param name="ValueBytes">Size of its value.</param>
/// <param name="Value">Its value, where it was asked for.</param>
public sealed record KeyEntry(byte[] Key, Revision Revision, long CreateRevision, long Version, long Lease,
    int ValueBytes, byte[]? Value);
