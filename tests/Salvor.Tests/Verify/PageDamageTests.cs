using System.Buffers.Binary;
using Salvor.DataDirectory;
using Salvor.Formats.Bbolt;
using Salvor.Formats.Findings;
using Salvor.Platform.Linux;
using Salvor.Tests.Support;
using Salvor.Verify;
using FindingList = Salvor.Verify.FindingList;

namespace Salvor.Tests.Verify;

/// <summary>Each rule of the page checker is broken alone, and seen by its name at its place.</summary>
public sealed class PageDamageTests
{
    private const int Page = BrokenImage.PageBytes;

    /// <summary>Code, what breaks it, and the offset that must be named (null: none).</summary>
    private static readonly Dictionary<string, (Action<BrokenImage> Break, Func<BrokenImage, long?> Offset)> Rules = new()
    {
        ["bbolt.meta"] = (i => i.Page(1)[30] ^= 1, i => Page),
        ["bbolt.page.range"] = (i => i.SetChild(1, i.Pages + 7), i => (i.Pages + 7) * Page),
        ["bbolt.page.id"] = (i => i.SetPageId(i.Leaves[2], 1), i => i.Leaves[2] * Page),
        ["bbolt.page.kind"] = (i => i.SetKind(i.Leaves[2], 0x10), i => i.Leaves[2] * Page),
        ["bbolt.page.shared"] = (i => i.SetChild(3, i.Leaves[2]), i => i.Leaves[2] * Page),
        ["bbolt.branch.count"] = (i => i.SetCount(i.Branch, 60000), i => i.Branch * Page),
        ["bbolt.branch.keys"] = (i => i.BranchKey(2)[0] = 0xFF, i => i.Branch * Page),
        ["bbolt.branch.key"] = (i => (i.BranchKey(2)[7], i.BranchKey(2)[16]) = ((byte)(i.BranchKey(2)[7] - 1), 1), i => i.Leaves[2] * Page),
        ["bbolt.branch.single"] = (i => i.DeepenLastLeaf(), i => (i.Pages - 1) * Page),
        ["bbolt.tree.uneven"] = (i => i.DeepenLastLeaf(), i => i.Leaves[^1] * Page),
        ["bbolt.tree.depth"] = (i => Enumerable.Range(0, 70).ToList().ForEach(_ => i.DeepenLastLeaf()), i => null),
        ["bbolt.leaf.count"] = (i => i.SetCount(i.Leaves[1], 5000), i => i.Leaves[1] * Page),
        ["bbolt.leaf.empty"] = (i => i.SetCount(i.Leaves[1], 0), i => i.Leaves[1] * Page),
        ["bbolt.leaf.element"] = (i => i.Element(i.Leaves[1], 1)[14] = 0xFF, i => i.Leaves[1] * Page),
        ["bbolt.leaf.order"] = (i => i.LeafKey(i.Leaves[1], 1)[0] = 0xFF, i => i.Leaves[1] * Page),
        ["bbolt.leaf.bounds"] = (i => i.LeafKey(i.Leaves[1], i.Count(i.Leaves[1]) - 1)[0] = 0x70, i => i.Leaves[1] * Page),
        ["bbolt.leaf.overlap"] = (Overlap, i => i.Leaves[1] * Page),
        ["bbolt.bucket.value"] = (i => i.Element(i.Root, 0)[0] = 0, i => i.Root * Page),
        ["bbolt.bucket.nested"] = (i => i.Element(i.Leaves[1], 0)[0] = 1, i => i.Leaves[1] * Page),
        ["bbolt.bucket.inline"] = (i => i.Page(i.Root).Slice(i.Page(i.Root).IndexOf("members"u8) + 7 + 16 + 16 + 12, 4).Fill(0x7F), i => i.Root * Page),
        ["bbolt.truncated"] = (i => i.ChangeMetas(m => m with { HighWaterMark = new PageId((ulong)i.Pages + 5) }), i => i.Pages * Page),
        ["bbolt.freelist"] = (i => i.SetKind(2, 2), i => 2 * Page),
        ["bbolt.freelist.range"] = (i => i.SetFreelist((ulong)i.Pages + 3), i => null),
        ["bbolt.freelist.order"] = (i => i.SetFreelist((ulong)i.AddPage(), (ulong)i.Pages - 1), i => (i.Pages - 1) * Page),
        ["bbolt.freelist.used"] = (i => i.SetFreelist((ulong)i.Leaves[0]), i => i.Leaves[0] * Page),
        ["bbolt.freelist.page"] = (FreelistInTree, i => 2 * Page),
        ["bbolt.page.unreachable"] = (i => i.AddPage(), i => (i.Pages - 1) * Page),
    };

    public static TheoryData<string> Codes => new(Rules.Keys);

    [Fact]
    public async Task Good_image_has_no_findings()
    {
        using var directory = new TempDirectory();
        var (report, _) = await CheckAsync(directory, Sample().Bytes);
        Assert.Empty(report.Kept);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Broken_rule_is_named_with_its_offset(string code)
    {
        using var directory = new TempDirectory();
        var image = Sample();
        Rules[code].Break(image);
        var (findings, facts) = await CheckAsync(directory, image.Bytes);
        var found = findings.Kept.Where(f => f.Code == code).ToList();
        Assert.True(found.Count > 0, $"only {string.Join(", ", findings.Kept.Select(f => f.Code))}");
        if (Rules[code].Offset(image) is { } offset)
        {
            Assert.Contains(found, f => f.Offset == offset);
        }

        // No hash is shown for a keyspace of which something may be missing.
        Assert.Equal(findings.Errors == 0, facts.HashKv is not null);
    }

    [Fact]
    public async Task Both_metas_gone_is_one_clear_error()
    {
        using var directory = new TempDirectory();
        var image = Sample();
        image.Page(0).Clear();
        image.Page(1).Clear();
        var (findings, _) = await CheckAsync(directory, image.Bytes);
        Assert.All(findings.Kept, f => Assert.Equal(("bbolt.meta", Severity.Error), (f.Code, f.Severity)));
        Assert.Equal(2, findings.Kept.Count);
    }

    [Fact]
    public async Task Walk_goes_on_behind_damage_and_says_what_is_lost()
    {
        using var directory = new TempDirectory();
        var image = Sample();
        image.SetPageId(image.Leaves[2], 1);
        image.SetPageId(image.Leaves[5], 1);
        var (findings, facts) = await CheckAsync(directory, image.Bytes);
        Assert.Equal(2, findings.Kept.Count(f => f.Code == "bbolt.page.id"));
        Assert.All(findings.Kept.Where(f => f.Code == "bbolt.page.id"), f => Assert.Contains("can't be read", f.Message, StringComparison.Ordinal));
        Assert.InRange(facts.Entries, 150, 199);
    }

    [Fact]
    public async Task Snapshot_codes_for_its_hash_and_length()
    {
        using var directory = new TempDirectory();
        var snapshot = SampleDatabase.Seal(Sample().Bytes);
        snapshot[^1] ^= 1;
        var (wrong, _) = await CheckAsync(directory, snapshot);
        var hash = Assert.Single(wrong.Kept);
        Assert.Equal(("snapshot.hash", (long?)snapshot.Length - 32), (hash.Code, hash.Offset));

        var (longer, _) = await CheckAsync(directory, SampleDatabase.Seal([.. Sample().Bytes, .. new byte[512]]));
        Assert.Equal("snapshot.length", Assert.Single(longer.Kept).Code);
    }

    internal static async Task<(FindingList Findings, DatabaseFacts Facts)> CheckAsync(TempDirectory directory, byte[] bytes)
    {
        await File.WriteAllBytesAsync(directory["db"], bytes, TestContext.Current.CancellationToken);
        using var file = DatabaseFile.Open(new LinuxFileSystem(), directory["db"]);
        var findings = new FindingList();
        var facts = await new DatabaseCheck(file, findings, new InlineCpuPool()).RunAsync(null, TestContext.Current.CancellationToken);
        return (findings, facts);
    }

    private static BrokenImage Sample() => new(SampleDatabase.Good(keys: 200).ToImage());

    /// <summary>Every element of a leaf claims the whole rest of the page as its value.</summary>
    private static void Overlap(BrokenImage image)
    {
        var page = image.Leaves[1];
        for (var i = 0; i < image.Count(page); i++)
        {
            var header = image.Element(page, i);
            var start = PageHeader.SizeBytes + (i * 16) + (int)BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
            var key = (int)BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
            BinaryPrimitives.WriteUInt32LittleEndian(header[12..], (uint)(Page - start - key));
        }
    }

    /// <summary>A freelist that says it reaches over the pages behind it.</summary>
    private static void FreelistInTree(BrokenImage image) => BinaryPrimitives.WriteUInt32LittleEndian(image.Page(2)[12..], 1);
}
