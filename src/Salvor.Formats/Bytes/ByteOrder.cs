namespace Salvor.Formats.Bytes;

/// <summary>Orders byte arrays as bbolt and etcd do: byte by byte, unsigned, the shorter one first.</summary>
public sealed class ByteOrder : IComparer<byte[]>
{
    public static readonly ByteOrder Instance = new();

    private ByteOrder()
    {
    }

    public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
}
