namespace Salvor.Backup;

/// <summary>A pooled buffer on its way from the stream to the disk.</summary>
/// <param name="Buffer">Goes back to the pool once it is written.</param>
/// <param name="LengthBytes">How much of it is filled.</param>
internal readonly record struct SnapshotBlock(byte[] Buffer, int LengthBytes)
{
    public ReadOnlySpan<byte> Bytes => Buffer.AsSpan(0, LengthBytes);
}
