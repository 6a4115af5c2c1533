using Salvor.Formats.Bbolt;

namespace Salvor.Benchmarks;

/// <summary>Keeps a written image, in space that was set aside before.</summary>
internal sealed class MemorySink(int capacityBytes) : IPageSink
{
    private readonly byte[] _bytes = new byte[capacityBytes];
    private int _length;

    public ReadOnlyMemory<byte> Image => _bytes.AsMemory(0, _length);

    public void WriteAt(long offset, ReadOnlySpan<byte> data)
    {
        data.CopyTo(_bytes.AsSpan((int)offset));
        _length = Math.Max(_length, (int)offset + data.Length);
    }
}
