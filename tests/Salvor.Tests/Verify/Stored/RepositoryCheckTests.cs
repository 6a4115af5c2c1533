using Salvor.Errors;
using Salvor.Formats.Findings;
using Salvor.Repository;
using Salvor.Repository.Kits;
using Salvor.Repository.Packs;
using Salvor.Repository.Snapshots;
using Salvor.Tests.Support;
using Salvor.Verify.Stored;

namespace Salvor.Tests.Verify.Stored;

public sealed class RepositoryCheckTests
{
    private readonly MemoryFiles _files = new MemoryFiles().With("/tmp/other", [1]);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, CheckDepth.Structure)]
    [InlineData(50, CheckDepth.Sample)]
    [InlineData(100, CheckDepth.All)]
    public async Task A_good_repository_has_no_findings_and_its_snapshots_get_records(double percent, CheckDepth depth)
    {
        using var sample = await SampleRepository.GoodAsync();
        var report = await CheckAsync(sample, percent);

        Assert.Empty(report.Findings.Kept);
        Assert.Equal((1, 2, 2, 3), (report.Timelines, report.Snapshots, report.GoodSnapshots, report.Segments));
        Assert.Equal(depth, report.Depth);
        Assert.Equal(percent >= 100 ? 50 : null, report.Database?.Revision);
        Assert.Equal(percent >= 100, report.Database?.HashKv is not null);
        var checks = await new SnapshotChecks(sample.Objects, SampleRepository.Timeline).ReadNewestAsync(Ct);
        Assert.Equal(2, checks.Count);
        Assert.Equal(percent >= 100 ? 1 : 0, checks.Values.Count(check => check.Image));
        Assert.All(checks.Values, check => Assert.InRange(check.Depth, CheckDepth.Structure, depth));
        Assert.Equal(["other"], _files.List("/tmp"));
    }

    [Fact]
    public async Task Nothing_is_recorded_when_that_is_not_wanted_or_damage_was_found()
    {
        using var sample = await SampleRepository.GoodAsync();
        await CheckAsync(sample, percent: 0, isRecorded: false);
        Assert.DoesNotContain(sample.Store.Names, name => name.Contains("/checks/", StringComparison.Ordinal));

        sample.Flip(sample.Find("/snapshots/", index: 1), offset: -1);
        await CheckAsync(sample, percent: 0);
        var checks = await new SnapshotChecks(sample.Objects, SampleRepository.Timeline).ReadNewestAsync(Ct);
        Assert.EndsWith(Assert.Single(checks).Key, sample.Find("/snapshots/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_share_is_as_large_as_asked_for_and_the_same_for_the_same_seed()
    {
        using var sample = await SampleRepository.GoodAsync();
        var first = await CheckAsync(sample, percent: 40, seed: 7);
        var second = await CheckAsync(sample, percent: 40, seed: 7);

        Assert.Equal(Math.Ceiling(first.Packs * 0.4) + Math.Ceiling(first.Segments * 0.4), first.ReadObjects);
        Assert.Equal(first.ReadBytes, second.ReadBytes);
    }

    [Theory]
    [InlineData("repository", "repository.descriptor")]
    [InlineData("/begin", "repository.timeline")]
    [InlineData("/packs/", "repository.pack.missing")]
    [InlineData("-00000000000000000055-", "repository.log.gap")]
    [InlineData("keys/", "repository.slot")]
    public async Task A_missing_object_is_named(string part, string code)
    {
        using var sample = await SampleRepository.GoodAsync();
        sample.Store[sample.Find(part)] = null;

        Assert.Equal([code], Bad(await CheckAsync(sample, percent: 0)));
    }

    [Theory]
    [InlineData("repository", 0, 0, "repository.descriptor")]
    [InlineData("keys/", 0, 0, "repository.slot")]
    [InlineData("/begin", 50, 0, "repository.timeline")]
    [InlineData("/snapshots/", 0, 0, "repository.snapshot")]
    [InlineData("/snapshots/", -1, 0, "repository.snapshot")]
    [InlineData("/packs/", -1, 0, "repository.pack.directory")]
    [InlineData("/packs/", -30, 0, "repository.pack.directory")]
    [InlineData("/packs/", 4, 0, "repository.pack.directory")]
    [InlineData("/packs/", 100, 100, "repository.pack.frame")]
    public async Task A_changed_byte_is_named_with_its_object(string part, int offset, double percent, string code)
    {
        using var sample = await SampleRepository.GoodAsync();
        var name = sample.Find(part, index: part is "/packs/" ? 1 : 0);
        sample.Flip(name, offset);
        var report = await CheckAsync(sample, percent);

        Assert.Equal([code], Bad(report));
        Assert.Equal(name, report.Findings.Kept.First(f => f.Severity == Severity.Error).Source);
    }

    [Fact]
    public async Task A_pack_that_was_cut_short_damages_the_snapshots_that_need_it()
    {
        using var sample = await SampleRepository.GoodAsync();
        var name = sample.Find("/packs/");
        sample.Store[name] = sample.Store[name]![..^10];
        var report = await CheckAsync(sample, percent: 100);

        Assert.Equal(["repository.pack.length"], Bad(report));
        Assert.Equal(sample.Store[name]!.Length, report.Findings.Kept[0].Offset);
        Assert.True(report.GoodSnapshots < 2);
    }

    [Fact]
    public async Task Pages_that_no_pack_has_are_counted()
    {
        using var sample = await SampleRepository.NewAsync();
        var image = new byte[30_000 * PackLayout.PageBytes];
        var random = new Random(5);
        for (var page = 0; page < 30_000; page++)
        {
            random.NextBytes(image.AsSpan(page * PackLayout.PageBytes, 8));
        }

        await sample.SnapshotAsync(image, revision: 7, newest: null, m => m with { Packs = [m.Packs[0]] });
        var report = await CheckAsync(sample, percent: 0);

        Assert.Equal(["repository.snapshot.pages"], Bad(report));
        Assert.Contains("the first is page 16384", report.Findings.Kept[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, Severity.Warning, "revisions 45 to 50 are missing")]
    [InlineData(1, Severity.Error, "revisions 51 to 55 are missing")]
    public async Task A_segment_that_can_not_be_read_is_named_and_so_is_the_gap(int index, Severity gap, string text)
    {
        using var sample = await SampleRepository.GoodAsync();
        var segment = sample.Find("/log/", index);
        sample.Flip(segment, offset: 70);
        var report = await CheckAsync(sample, percent: 100);

        Assert.Equal(["repository.segment", "repository.log.gap"], Bad(report));
        Assert.Equal(segment, report.Findings.Kept[0].Source);
        Assert.Equal(gap, report.Findings.Kept[1].Severity);
        Assert.StartsWith(text, report.Findings.Kept[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_segment_that_was_cut_to_nothing_needs_no_reading_to_be_found()
    {
        using var sample = await SampleRepository.GoodAsync();
        sample.Store[sample.Find("/log/", index: 2)] = [];

        Assert.Equal(["repository.segment", "repository.log.gap"], Bad(await CheckAsync(sample, percent: 0)));
    }

    [Fact]
    public async Task A_page_that_is_not_the_one_of_the_directory_is_found()
    {
        using var sample = await SampleRepository.NewAsync();
        var name = RepositoryNames.PackOf(sample.NextId(), 0);
        using var writer = new PackWriter(sample.Objects.Sealer, RepositoryNames.Pack(SampleRepository.Timeline, name));
        using var batch = new PageBatch();
        batch.Add(0, new byte[PackLayout.PageBytes], new PageHash(1, 2));
        writer.Add(batch);
        writer.Finish();
        sample.Store[writer.Name.Value] = writer.Bytes.ToArray();
        await sample.SnapshotAsync(new byte[PackLayout.PageBytes], revision: 1, newest: null, m => m with
        {
            Packs = [new SnapshotPack(name, writer.Bytes.Length, 1, 1)],
        });

        Assert.Equal(["repository.pack.page"], Bad(await CheckAsync(sample, percent: 100)));
    }

    [Theory]
    [InlineData("hash", "snapshot.hash")]
    [InlineData("noise", "bbolt.meta")]
    [InlineData("length", "repository.snapshot.image")]
    [InlineData("revision", "repository.snapshot.revision")]
    public async Task An_image_that_is_not_what_the_snapshot_says_is_found(string fault, string code)
    {
        using var sample = await SampleRepository.NewAsync();
        var image = SampleDatabase.Good().ToImage();
        image = fault switch
        {
            "noise" => new byte[image.Length],
            "length" => image[..^1000],
            _ => image,
        };
        await sample.SnapshotAsync(image, fault == "revision" ? 43 : 44, newest: null, m => fault == "hash"
            ? m with { ImageSha256 = new string('0', 64) }
            : m);
        var report = await CheckAsync(sample, percent: 100);

        Assert.Equal([code], Bad(report).Distinct());
        Assert.All(report.Findings.Kept, f => Assert.Equal(sample.Find("/snapshots/"), f.Source));
        Assert.Equal(0, report.GoodSnapshots);
        Assert.Equal(["other"], _files.List("/tmp"));
    }

    [Fact]
    public async Task What_guards_share_is_not_foreign_and_other_names_beside_it_are()
    {
        using var sample = await SampleRepository.GoodAsync();
        sample.Store["recovery/lease"] = [1];
        sample.Store["recovery/incidents/00000001/00000001"] = [1];
        sample.Store["recovery/timelines/00000002"] = [1];
        sample.Store["recovery/heartbeats/agent-1"] = [1];
        Assert.Empty((await CheckAsync(sample, percent: 100)).Findings.Kept);
        sample.Store["recovery/incidents/00000001/x"] = [1];
        sample.Store["recovery/timelines/2"] = [1];

        Assert.Equal(
            ["repository.foreign", "repository.foreign"],
            (await CheckAsync(sample, percent: 100)).Findings.Kept.Select(f => f.Code));
    }

    [Fact]
    public async Task Foreign_objects_and_packs_of_no_snapshot_are_told_and_are_no_damage()
    {
        using var sample = await SampleRepository.GoodAsync();
        sample.Store["photos/cat.jpg"] = [1];
        sample.Store["timelines/00000001/packs/readme"] = [1];
        sample.Store[sample.Find("/packs/")[..^6] + "999999"] = [1];
        var report = await CheckAsync(sample, percent: 100);

        Assert.Empty(Bad(report));
        Assert.Equal(
            ["repository.foreign", "repository.foreign", "repository.pack.orphan"],
            report.Findings.Kept.Select(f => f.Code));
    }

    [Fact]
    public async Task A_kit_that_lacks_a_piece_is_a_warning_and_one_that_can_not_be_read_is_damage()
    {
        using var sample = await SampleRepository.NewAsync();
        var kit = new KitDocument
        {
            Captured = sample.Time.Now,
            Entries = [],
            Missing = [new KitMissing("/etc/kubernetes/pki/sa.key", "kube-apiserver.yaml names it")],
        };
        var stored = await new KitStore(sample.Objects, SampleRepository.Timeline).PutAsync(kit, sample.NextId(), Ct);
        await sample.SnapshotAsync(
            SampleDatabase.Good().ToImage(), revision: 44, newest: null, m => m with { Kit = stored });
        var finding = Assert.Single((await CheckAsync(sample, percent: 0)).Findings.Kept);
        Assert.Equal((Severity.Warning, "repository.kit.incomplete"), (finding.Severity, finding.Code));
        Assert.Contains("sa.key", finding.Message, StringComparison.Ordinal);

        sample.Flip(sample.Find("/kits/"), offset: -1);
        var damage = await CheckAsync(sample, percent: 0);
        Assert.Equal(["repository.kit"], Bad(damage));
        Assert.Equal(sample.Find("/kits/"), damage.Findings.Kept[0].Source);

        sample.Store[sample.Find("/kits/")] = null;
        Assert.Equal(["repository.kit"], Bad(await CheckAsync(sample, percent: 0)));
    }

    [Fact]
    public async Task Without_room_for_the_image_it_is_said_before_anything_is_read()
    {
        using var sample = await SampleRepository.GoodAsync();
        _files.Free = 1000;
        var e = await Assert.ThrowsAsync<SalvorException>(() => CheckAsync(sample, percent: 100));

        Assert.Equal(ErrorCode.NoSpace, e.Code);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Random_damage_is_found_and_never_thrown(int seed)
    {
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        using var good = await SampleRepository.GoodAsync(seed);
        var names = good.Store.Names.ToArray();
        var originals = names.ToDictionary(name => name, name => good.Store[name]!);
        for (var round = 0; round < 150; round++)
        {
            var name = names[random.Next(names.Length)];
            good.Store[name] = Mutate(random, originals[name]);
            var report = await CheckAsync(good, percent: 100, isRecorded: false);
            var isSame = originals[name].AsSpan().SequenceEqual(good.Store[name]);
            Assert.True(isSame || name is "repository" || name.StartsWith("keys/", StringComparison.Ordinal)
                || report.Findings.Errors > 0, $"round {round}: {name}");
            good.Store[name] = originals[name];
        }
    }

    private static byte[] Mutate(Random random, byte[] original)
    {
        var bytes = original[..(random.Next(3) == 0 ? random.Next(original.Length) : original.Length)];
        for (var i = random.Next(1, 6); i > 0 && bytes.Length > 0; i--)
        {
            var offset = random.Next(bytes.Length);
            random.NextBytes(bytes.AsSpan(offset, Math.Min(random.Next(1, 9), bytes.Length - offset)));
        }

        return bytes;
    }

    private Task<RepositoryCheckReport> CheckAsync(
        SampleRepository sample, double percent, bool isRecorded = true, int seed = 1)
    {
        var check = new RepositoryCheck(sample.Objects, _files, new InlineCpuPool(), sample.Entropy, sample.Time);
        return check.RunAsync(Options(percent) with { IsRecorded = isRecorded, Seed = seed }, progress: null, Ct);
    }

    private static RepositoryCheckOptions Options(double percent) => new()
    {
        ReadPercent = percent,
        ScratchDirectory = "/tmp",
        Version = "test",
    };

    private static IEnumerable<string> Bad(RepositoryCheckReport report) =>
        report.Findings.Kept.Where(f => f.Severity != Severity.Info).Select(f => f.Code);
}
