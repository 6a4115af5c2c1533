using Salvor.Formats.Bbolt;

namespace Salvor.Tests.Support;

/// <summary>Collects a written image.</summary>
internal sealed class MemorySink : IPageSink
{
    private byte[] _bytes = [];
    private int _length;

    public byte[] ToArray() => _bytes[.._length];

    public void WriteAt(long offset, ReadOnlySpan<byte> data)
    {
        var end = checked((int)offset + data.Length);
        if (end > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(end, _bytes.Length * 2));
        }

        data.CopyTo(_bytes.AsSpan((int)offset));
        _length = Math.Max(_length, end);
    }
}
