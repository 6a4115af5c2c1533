using System.Buffers;
using System.Runtime.InteropServices;

namespace Salvor.Repository.Packs;

/// <summary>The changed pages that make up one frame of a pack, in ascending order.</summary>
internal sealed class PageBatch : IDisposable
{
    private readonly List<long> _numbers = new(PackLayout.FramePagesMax);
    private readonly List<PageHash> _hashes = new(PackLayout.FramePagesMax);
    private byte[]? _content = ArrayPool<byte>.Shared.Rent(PackLayout.FramePagesMax * PackLayout.PageBytes);

    public bool IsEmpty => _numbers.Count == 0;

    public bool IsFull => _numbers.Count == PackLayout.FramePagesMax;

    public ReadOnlySpan<long> Numbers => CollectionsMarshal.AsSpan(_numbers);

    public ReadOnlySpan<PageHash> Hashes => CollectionsMarshal.AsSpan(_hashes);

    public ReadOnlySpan<byte> Content => _content.AsSpan(0, _numbers.Count * PackLayout.PageBytes);

    /// <param name="page">The page's number; above that of the page before.</param>
    /// <param name="content">Its 4 KiB.</param>
    /// <param name="hash">Its hash.</param>
    public void Add(long page, ReadOnlySpan<byte> content, PageHash hash)
    {
        content.CopyTo(_content.AsSpan(_numbers.Count * PackLayout.PageBytes, PackLayout.PageBytes));
        _numbers.Add(page);
        _hashes.Add(hash);
    }

    public void Dispose()
    {
        if (_content is { } content)
        {
            _content = null;
            ArrayPool<byte>.Shared.Return(content);
        }
    }
}
