using System.Buffers;
using System.Text;
using System.Text.Json;
using Salvor.Formats;
using Salvor.ObjectStore;
using Salvor.Repository;
using Salvor.Repository.Kits;
using Salvor.Repository.Snapshots;
using Salvor.Tests.Support;

namespace Salvor.Tests.Repository.Kits;

public sealed class KitStoreTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_kit_comes_back_to_the_last_bit()
    {
        using var sample = await SampleRepository.NewAsync();
        var store = new KitStore(sample.Objects, SampleRepository.Timeline);
        var kit = Kit(File("/etc/a", "content"), Entry("/etc/b") with { Target = "a" }) with
        {
            Missing = [new KitMissing("/etc/c", "a manifest names it")],
        };
        var reference = await store.PutAsync(kit, sample.NextId(), Ct);
        var read = await store.ReadAsync(reference, Ct);

        Assert.Equal(KitFingerprint.Of(kit), KitFingerprint.Of(read));
        Assert.Equal(kit.Missing, read.Missing);
        Assert.Equal("content"u8, read.Entries[0].Content!);
        Assert.Equal(["/etc/c"], reference.Missing);
        Assert.DoesNotContain(sample.Store.Names, name =>
            Encoding.Latin1.GetString(sample.Store[name]!).Contains("content", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("etc/a")]
    [InlineData("/")]
    [InlineData("/etc/../root/.ssh/authorized_keys")]
    [InlineData("/etc//a")]
    [InlineData("/etc/./a")]
    [InlineData("/etc/a\0b")]
    public async Task A_path_that_leads_elsewhere_is_refused(string path) =>
        await ShouldBeRefusedAsync(Kit(File(path, "x")));

    [Fact]
    public async Task What_could_write_through_a_link_is_refused()
    {
        await ShouldBeRefusedAsync(Kit(Entry("/etc/a") with { Target = "/root" }, File("/etc/a/b", "x")));
        await ShouldBeRefusedAsync(Kit(File("/etc/a", "x"), File("/etc/a", "y")));
        await ShouldBeRefusedAsync(Kit(File("/etc/b", "x"), File("/etc/a", "y")));
        await ShouldBeRefusedAsync(Kit(File("/etc/a", "x") with { Target = "/root" }));
        await ShouldBeRefusedAsync(Kit(File("/etc/a", "x") with { Mode = 0x1000 }));
        await ShouldBeRefusedAsync(Kit(File("/etc/a", "x")) with { StaticPods = "relative" });
    }

    [Fact]
    public async Task Another_kit_than_the_one_that_the_snapshot_names_is_refused()
    {
        using var sample = await SampleRepository.NewAsync();
        var store = new KitStore(sample.Objects, SampleRepository.Timeline);
        var reference = await store.PutAsync(Kit(File("/etc/a", "x")), sample.NextId(), Ct);
        await Assert.ThrowsAsync<CorruptDataException>(
            () => store.ReadAsync(reference with { Fingerprint = new string('0', 64) }, Ct));

        sample.Flip(sample.Find("/kits/"), -1);
        await Assert.ThrowsAsync<CorruptDataException>(() => store.ReadAsync(reference, Ct));
        sample.Store[sample.Find("/kits/")] = null;
        await Assert.ThrowsAsync<CorruptDataException>(() => store.ReadAsync(reference, Ct));
        await Assert.ThrowsAsync<CorruptDataException>(() => store.ReadAsync(reference with { Id = "../x" }, Ct));
    }

    /// <summary>Stores it with the right key, as somebody would who has it, and reads it as a restore does.</summary>
    private static async Task ShouldBeRefusedAsync(KitDocument kit)
    {
        using var sample = await SampleRepository.NewAsync();
        var id = sample.NextId();
        var name = RepositoryNames.Kit(SampleRepository.Timeline, id);
        var content = JsonSerializer.SerializeToUtf8Bytes(kit, RepositoryJson.Default.KitDocument);
        var bytes = sample.Objects.Sealer.Seal(ObjectKind.Kit, name, content);
        await sample.Store.PutAsync(name, new ReadOnlySequence<byte>(bytes), PutCondition.None, Ct);
        var reference = new KitReference(id.Value, KitFingerprint.Of(kit), kit.Entries.Length, []);
        var store = new KitStore(sample.Objects, SampleRepository.Timeline);

        await Assert.ThrowsAsync<CorruptDataException>(() => store.ReadAsync(reference, Ct));
    }

    private static KitDocument Kit(params KitEntry[] entries) => new()
    {
        Captured = DateTimeOffset.UnixEpoch,
        Entries = [.. entries],
        Missing = [],
    };

    private static KitEntry Entry(string path) => new() { Path = path, Mode = 0, Owner = 0, Group = 0 };

    private static KitEntry File(string path, string content) =>
        Entry(path) with { Mode = 0x180, Content = Encoding.UTF8.GetBytes(content) };
}
