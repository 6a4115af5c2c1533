using System.Buffers.Binary;

namespace Salvor.Formats.Bbolt;

/// <summary>The elements of the leaf that is being filled. Its buffers are used again for each leaf.</summary>
internal sealed class LeafBuilder : IPageBody
{
    private const int CountMax = 65534;

    private readonly List<(int KeyBytes, int ValueBytes, bool IsBucket)> _elements = [];
    private byte[] _data = new byte[64 << 10];
    private int _dataBytes;
    private byte[] _lastKey = new byte[64];
    private int _lastKeyBytes;

    public int Count => _elements.Count;

    /// <summary>Bytes of element headers and data.</summary>
    public int BodyBytes => (_elements.Count * LeafPage.ElementHeaderBytes) + _dataBytes;

    public ReadOnlySpan<byte> FirstKey => Count == 0 ? default : _data.AsSpan(0, _elements[0].KeyBytes);

    public bool IsAfterLast(ReadOnlySpan<byte> key) => key.SequenceCompareTo(_lastKey.AsSpan(0, _lastKeyBytes)) > 0;

    public bool Fits(int keyBytes, int valueBytes, int leafBytesMax) =>
        Count < CountMax
        && (long)PageHeader.SizeBytes + BodyBytes + LeafPage.ElementHeaderBytes + keyBytes + valueBytes <= leafBytesMax;

    public void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool isBucket)
    {
        var end = checked(_dataBytes + key.Length + value.Length);
        if (end > _data.Length)
        {
            Array.Resize(ref _data, (int)Math.Max(end, Math.Min(_data.Length * 2L, Array.MaxLength)));
        }

        key.CopyTo(_data.AsSpan(_dataBytes));
        value.CopyTo(_data.AsSpan(_dataBytes + key.Length));
        _dataBytes = end;
        _elements.Add((key.Length, value.Length, isBucket));
        if (_lastKey.Length < key.Length)
        {
            _lastKey = new byte[key.Length];
        }

        key.CopyTo(_lastKey);
        _lastKeyBytes = key.Length;
    }

    public void CopyTo(Span<byte> body)
    {
        var headersBytes = _elements.Count * LeafPage.ElementHeaderBytes;
        var position = headersBytes;
        var header = body;
        foreach (var (keyBytes, valueBytes, isBucket) in _elements)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(header, isBucket ? 1u : 0u);
            BinaryPrimitives.WriteUInt32LittleEndian(header[4..], (uint)position);
            BinaryPrimitives.WriteUInt32LittleEndian(header[8..], (uint)keyBytes);
            BinaryPrimitives.WriteUInt32LittleEndian(header[12..], (uint)valueBytes);
            header = header[LeafPage.ElementHeaderBytes..];

            // pos counts from the element's own header, which moves on by its size each time.
            position += keyBytes + valueBytes - LeafPage.ElementHeaderBytes;
        }

        _data.AsSpan(0, _dataBytes).CopyTo(body[headersBytes..]);
    }

    /// <summary>Empties the leaf; the next key must still come after the last one.</summary>
    public void Clear()
    {
        _elements.Clear();
        _dataBytes = 0;
    }

    /// <summary>Empties the leaf for a new bucket.</summary>
    public void Reset()
    {
        Clear();
        _lastKeyBytes = 0;
    }
}
