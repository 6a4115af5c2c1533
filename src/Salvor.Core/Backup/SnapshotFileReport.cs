namespace Salvor.Backup;

/// <summary>What was stored.</summary>
/// <param name="File">The snapshot file.</param>
/// <param name="Endpoint">The member that sent it.</param>
/// <param name="EtcdVersion">That member's version.</param>
/// <param name="SizeBytes">The file's length: the database image and the 32 bytes of its hash.</param>
/// <param name="Sha256">The hash of the image, as etcd sent it and as we found it.</param>
/// <param name="Elapsed">From the first byte asked for until all was durable.</param>
public sealed record SnapshotFileReport(
    string File,
    Uri Endpoint,
    string EtcdVersion,
    long SizeBytes,
    string Sha256,
    TimeSpan Elapsed);
