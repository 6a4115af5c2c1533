using Salvor.Formats;
using Salvor.Formats.Bytes;
using Salvor.ObjectStore;
using Salvor.Repository.Packs;

namespace Salvor.Repository.Snapshots;

/// <summary>Random access to an image that lies in the store, for the few pages that tell what it is.</summary>
/// <remarks>
/// Reading blocks while the store answers, since what reads databases knows nothing of stores: use it on a thread of
/// its own. The last few packs' directories and frames are kept.
/// </remarks>
internal sealed class StoredImage : IByteSource, IDisposable
{
    private const int OpenPacksMax = 4;
    private const int FramesMax = 8;
    private const int TailBytes = 96 << 10;

    private readonly OpenRepository _repository;
    private readonly TimelineId _timeline;
    private readonly BaseImage _image;
    private readonly CancellationToken _ct;
    private readonly List<(int Pack, PackReader Reader)> _packs = [];
    private readonly List<(int Pack, int Frame, byte[] Content)> _frames = [];

    public StoredImage(
        OpenRepository repository, TimelineId timeline, BaseImage image, long imageBytes, CancellationToken ct)
    {
        _repository = repository;
        _timeline = timeline;
        _image = image;
        _ct = ct;
        Length = imageBytes;
    }

    public string Name => $"the image in {_repository.Store.Location}";

    public long Length { get; }

    public int ReadAt(long offset, Span<byte> buffer)
    {
        var wanted = (int)Math.Clamp(Length - offset, 0, buffer.Length);
        for (var done = 0; done < wanted;)
        {
            var (page, skip) = Math.DivRem(offset + done, PackLayout.PageBytes);
            var bytes = ReadPage(page)[(int)skip..];
            var count = Math.Min(bytes.Length, wanted - done);
            bytes[..count].CopyTo(buffer[done..]);
            done += count;
        }

        return wanted;
    }

    public void Dispose()
    {
        foreach (var (_, reader) in _packs)
        {
            reader.Dispose();
        }

        _packs.Clear();
    }

    private ReadOnlySpan<byte> ReadPage(long page)
    {
        var pack = _image.Pages.PackOf(page);
        if (pack < 0)
        {
            throw new CorruptDataException(Name, page * PackLayout.PageBytes, $"no pack has page {page}");
        }

        var reader = OpenPack(pack);
        for (var i = 0; i < reader.Directory.Frames.Length; i++)
        {
            if (reader.Directory.Frames[i].TryPlaceOf(page, out var place))
            {
                return ReadFrame(pack, i, reader).AsSpan(place * PackLayout.PageBytes, PackLayout.PageBytes);
            }
        }

        throw new CorruptDataException(_image.Packs[pack].Name, 0, $"it does not have page {page}");
    }

    private PackReader OpenPack(int pack)
    {
        var found = _packs.Find(open => open.Pack == pack).Reader;
        if (found is not null)
        {
            return found;
        }

        if (_packs.Count == OpenPacksMax)
        {
            _packs[0].Reader.Dispose();
            _packs.RemoveAt(0);
        }

        var name = RepositoryNames.Pack(_timeline, _image.Packs[pack].Name);
        var reader = PackDirectories.OpenAsync(_repository, name, TailBytes, _ct).GetAwaiter().GetResult();
        _packs.Add((pack, reader));
        return reader;
    }

    private byte[] ReadFrame(int pack, int index, PackReader reader)
    {
        var found = _frames.Find(frame => frame.Pack == pack && frame.Frame == index).Content;
        if (found is not null)
        {
            return found;
        }

        if (_frames.Count == FramesMax)
        {
            _frames.RemoveAt(0);
        }

        var frame = reader.Directory.Frames[index];
        var name = RepositoryNames.Pack(_timeline, _image.Packs[pack].Name);
        var range = new ByteRange(frame.Offset, frame.FrameBytes);
        using var stored = _repository.Store.GetAsync(name, range, range.LengthBytes, _ct).GetAwaiter().GetResult()
            ?? throw new CorruptDataException(name.Value, 0, "it is not there any more");
        var content = new byte[frame.PageCount * PackLayout.PageBytes];
        reader.ReadFrame(index, stored.Bytes.Span, content);
        _frames.Add((pack, index, content));
        return content;
    }
}
