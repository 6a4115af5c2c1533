using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Salvor.Repository;
using Salvor.Repository.Keeping;
using Salvor.Repository.Keys;
using Salvor.Repository.Kits;
using Salvor.Repository.Packs;
using Salvor.Repository.Snapshots;
using Salvor.Tests.Cli;
using Salvor.Tests.Support;

namespace Salvor.Tests.Repository;

/// <summary>A repository of every version of the format reads as it did when it was written.</summary>
public sealed class OldRepositoryTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("-kits")]
    public async Task There_is_one_of_this_version(string what)
    {
        var path = RepositoryFixture.PathOf(RepositoryDescriptor.Version + what);
        if (Environment.GetEnvironmentVariable("SALVOR_GOLDEN") == "write" && !File.Exists(path))
        {
            var made = what.Length == 0
                ? RepositoryFixture.MakeAsync(Ct)
                : RepositoryFixture.MakeWithKitsAsync(Ct);
            await File.WriteAllTextAsync(path, await made, Ct);
        }

        Assert.True(File.Exists(path), $"{path} is missing; run with SALVOR_GOLDEN=write to make it, once.");
    }

    [Fact]
    public Task Version_1_reads_to_the_byte() =>
        ShouldReadAsync(RepositoryFixture.Version1, "repository-1-content.txt");

    [Fact]
    public Task Version_1_reads_to_the_byte_with_its_kits() =>
        ShouldReadAsync(RepositoryFixture.Version1WithKits, "repository-1-kits-content.txt");

    [Fact]
    public async Task Version_1_opens_with_its_passphrase()
    {
        using var passphrase = new Passphrase(RepositoryFixture.PassphraseText);
        using var key = KeyFile.Parse("the fixture", RepositoryFixture.Version1.KeyText);
        var opener = new RepositoryOpener(RepositoryFixture.Version1.ToStore(), new InlineCpuPool());
        using var byPassphrase = await opener.OpenAsync(passphrase, Ct);
        using var byFile = await opener.OpenAsync(key, Ct);

        Assert.Equal(byFile.Key.Bytes, byPassphrase.Key.Bytes);
        Assert.NotEqual(byFile.Slot, byPassphrase.Slot);
    }

    [Fact]
    public async Task Version_1_is_understood_by_every_reader()
    {
        using var key = KeyFile.Parse("the fixture", RepositoryFixture.Version1.KeyText);
        using var opened = await new RepositoryOpener(RepositoryFixture.Version1.ToStore(), new InlineCpuPool())
            .OpenAsync(key, Ct);
        var objects = opened.ForObjects(new SeededEntropy(1));
        var catalog = new SnapshotCatalog(objects);

        Assert.Equal(2, (await catalog.ListTimelinesAsync(Ct)).Count);
        Assert.Equal(62, (await catalog.ReadBeginAsync(new TimelineId(2), Ct)).ParentRevision);
        var entries = await catalog.ListAsync(new TimelineId(1), Ct);
        Assert.Equal([44L, 50L], entries.Select(entry => entry.Revision));
        var details = await SnapshotDetails.ReadAsync(objects, entries[^1], Ct);
        Assert.Equal((62, 3, 1), (details.LogRevision, details.LogSegments, details.Checks.Count));
        Assert.True(details.Checks[0] is { Depth: CheckDepth.All, Image: true });
        var plan = Assert.Single(await new PrunePlans(objects).ReadAsync(Ct)).Plan;
        Assert.Equal([entries[0].Name.Value], plan!.Snapshots);
        Assert.Equal([new PruneLogRange(1, 44)], plan.Log);
    }

    private static async Task ShouldReadAsync(RepositoryFixture fixture, string golden)
    {
        var store = fixture.ToStore();
        using var key = KeyFile.Parse("the fixture", fixture.KeyText);
        using var opened = await new RepositoryOpener(store, new InlineCpuPool()).OpenAsync(key, Ct);
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"repository {opened.Id} of {opened.Descriptor.Created:O}");
        foreach (var name in store.Names)
        {
            Describe(text, opened, name, store[name]!);
        }

        Golden.Matches($"Repository/Golden/{golden}", text.ToString());
    }

    [Fact]
    public async Task Version_1_gives_its_kits_back()
    {
        using var key = KeyFile.Parse("the fixture", RepositoryFixture.Version1WithKits.KeyText);
        using var opened = await new RepositoryOpener(RepositoryFixture.Version1WithKits.ToStore(), new InlineCpuPool())
            .OpenAsync(key, Ct);
        var objects = opened.ForObjects(new SeededEntropy(1));
        var catalog = new SnapshotCatalog(objects);
        var found = new List<KitReference?>();
        foreach (var entry in await catalog.ListAsync(new TimelineId(1), Ct))
        {
            found.Add((await catalog.ReadAsync(entry, Ct)).Kit);
        }

        Assert.Equal([null, 9, 9, 10], found.Select(kit => kit?.Entries));
        Assert.Equal(["/etc/sni/tls.key"], found[1]!.Missing);
        Assert.Equal(found[1]!.Id, found[2]!.Id);
        var kits = new KitStore(objects, new TimelineId(1));
        ShouldBe(KitFixture.Partial, await kits.ReadAsync(found[1]!, Ct));
        ShouldBe(KitFixture.Whole, await kits.ReadAsync(found[3]!, Ct));
    }

    private static void ShouldBe(KitDocument expected, KitDocument kit)
    {
        Assert.Equal((expected.Captured, expected.StaticPods), (kit.Captured, kit.StaticPods));
        Assert.Equal(expected.Missing, kit.Missing);
        Assert.Equal(expected.Entries.Select(Show), kit.Entries.Select(Show));

        static string Show(KitEntry e) => $"{e.Path} {e.Mode:x} {e.Owner}:{e.Group} {e.Target ?? "no link"} "
            + (e.Content is null ? "no file" : Convert.ToHexString(e.Content));
    }

    /// <summary>What an object holds: JSON as it is, and of everything else length and SHA-256.</summary>
    private static void Describe(StringBuilder text, OpenedRepository opened, string name, byte[] bytes)
    {
        const int ContentBytesMax = 1 << 20;
        text.AppendLine(CultureInfo.InvariantCulture, $"{name} {bytes.Length}");
        if (!bytes.AsSpan().StartsWith("SLVR"u8))
        {
            text.Append("  ").AppendLine(Encoding.UTF8.GetString(bytes).ReplaceLineEndings(" "));
            return;
        }

        var sealer = opened.ForObjects(new SeededEntropy(1)).Sealer;
        var kind = (ObjectKind)bytes[5];
        var objectName = new Salvor.ObjectStore.ObjectName(name);
        if (kind == ObjectKind.Pack)
        {
            DescribePack(text, PackReader.Open(sealer, objectName, bytes), bytes);
            return;
        }

        var content = sealer.Open(kind, objectName, bytes, ContentBytesMax);
        text.Append("  ").AppendLine(kind == ObjectKind.Segment
            ? Convert.ToHexStringLower(content)
            : Encoding.UTF8.GetString(content));
    }

    private static void DescribePack(StringBuilder text, PackReader pack, byte[] bytes)
    {
        using (pack)
        {
            foreach (var (frame, i) in pack.Directory.Frames.Select((frame, i) => (frame, i)))
            {
                var pages = new byte[frame.PageCount * PackLayout.PageBytes];
                pack.ReadFrame(i, bytes.AsSpan((int)frame.Offset, frame.FrameBytes), pages);
                var runs = string.Join(", ", frame.Runs.Select(run => $"{run.First}+{run.Count}"));
                text.AppendLine($"  pages {runs}: {Convert.ToHexStringLower(SHA256.HashData(pages))}");
            }
        }
    }
}
