using Salvor.Formats.Bbolt;

namespace Salvor.Tests.Support;

/// <summary>Takes a written bbolt image into memory.</summary>
internal sealed class MemoryPages : IPageSink
{
    private byte[] _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    public void WriteAt(long offset, ReadOnlySpan<byte> data)
    {
        var end = (int)offset + data.Length;
        if (end > _bytes.Length)
        {
            Array.Resize(ref _bytes, end);
        }

        data.CopyTo(_bytes.AsSpan((int)offset));
    }
}
