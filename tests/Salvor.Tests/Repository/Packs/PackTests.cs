using Salvor.Formats;
using Salvor.ObjectStore;
using Salvor.Repository;
using Salvor.Repository.Packs;
using Salvor.Tests.Support;

namespace Salvor.Tests.Repository.Packs;

public sealed class PackTests
{
    private static readonly ObjectName Name =
        RepositoryNames.Pack(new TimelineId(1), "0123456789abcdef0123-000000");

    private readonly ObjectSealer _sealer = TestRepository.Sealer();

    [Fact]
    public void Pages_come_back_with_their_numbers_and_hashes()
    {
        long[] pages = [0, 1, 2, 7, 100, .. Enumerable.Range(1000, 200).Select(p => (long)p), 5_000_000];
        var pack = Write(pages);

        using var reader = PackReader.Open(_sealer, Name, pack);

        Assert.Equal(pages, reader.Directory.Pages().Select(p => p.Page));
        var found = new List<byte[]>();
        for (var i = 0; i < reader.Directory.Frames.Length; i++)
        {
            var frame = reader.Directory.Frames[i];
            var content = new byte[frame.PageCount * PackLayout.PageBytes];
            reader.ReadFrame(i, pack.AsSpan((int)frame.Offset, frame.FrameBytes), content);
            found.AddRange(content.Chunk(PackLayout.PageBytes));
        }

        Assert.Equal(pages.Select(Content), found);
        Assert.Equal(found.Select(page => PageHash.Of(page)), reader.Directory.Pages().Select(p => p.Hash));
    }

    [Fact]
    public void Damage_anywhere_is_an_error_and_nothing_else()
    {
        var pack = Write([1, 2, 3, 50, 51]);
        const int Seed = 77;
        TestContext.Current.SendDiagnosticMessage($"seed {Seed}");
        var random = new Random(Seed);
        for (var i = 0; i < 2000; i++)
        {
            var damaged = pack.ToArray();
            var at = i < 12 ? damaged.Length - 1 - i : random.Next(damaged.Length);
            damaged[at] ^= (byte)random.Next(1, 256);
            var cut = random.Next(4) == 0 ? damaged[..random.Next(damaged.Length)] : damaged;
            Assert.Throws<CorruptDataException>(() => ReadAll(cut));
        }
    }

    private void ReadAll(byte[] pack)
    {
        using var reader = PackReader.Open(_sealer, Name, pack);
        for (var i = 0; i < reader.Directory.Frames.Length; i++)
        {
            var frame = reader.Directory.Frames[i];
            var content = new byte[frame.PageCount * PackLayout.PageBytes];
            reader.ReadFrame(i, pack.AsSpan((int)frame.Offset, frame.FrameBytes), content);
        }
    }

    private byte[] Write(IEnumerable<long> pages)
    {
        using var writer = new PackWriter(_sealer, Name);
        foreach (var pagesOfFrame in pages.Chunk(PackLayout.FramePagesMax))
        {
            using var batch = new PageBatch();
            foreach (var page in pagesOfFrame)
            {
                var content = Content(page);
                batch.Add(page, content, PageHash.Of(content));
            }

            writer.Add(batch);
        }

        writer.Finish();
        return writer.Bytes.ToArray();
    }

    private static byte[] Content(long page)
    {
        var content = new byte[PackLayout.PageBytes];
        new Random((int)page).NextBytes(content.AsSpan(0, 1000));
        return content;
    }
}
