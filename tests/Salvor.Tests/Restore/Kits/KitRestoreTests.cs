using Salvor.Errors;
using Salvor.Node.Kits;
using Salvor.Repository;
using Salvor.Repository.Kits;
using Salvor.Restore.Kits;
using Salvor.Tests.DataDirectory;
using Salvor.Tests.Node.Kits;
using Salvor.Tests.Support;

namespace Salvor.Tests.Restore.Kits;

public sealed class KitRestoreTests : IDisposable
{
    private static readonly ObjectId Run = ObjectId.New(new SimulatedTime(), new SeededEntropy(1));

    private readonly KitMachine _machine = new();
    private readonly TempDirectory _other = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _machine.Dispose();
        _other.Dispose();
    }

    [Fact]
    public void An_empty_machine_gets_every_file_with_its_mode_and_the_static_pods_last()
    {
        var kit = _machine.Capture().Take()!;
        var files = new FaultyFileSystem(_machine.Files);
        var restore = new KitRestore(files);
        var steps = restore.Plan(kit, _other.FullName, Run);
        restore.Apply(steps, Ct);

        Assert.Equal(KitMachine.Lines(kit), KitMachine.Lines(Retaken(kit)));
        Assert.All(steps, step => Assert.Equal(KitAction.Create, step.Action));
        var placed = files.Steps.Where(s => s.Verb == "rename").Select(s => s.To![_other.FullName.Length..]).ToList();
        Assert.Equal(
            ["/etc/kubernetes/manifests/etcd.yaml", "/etc/kubernetes/manifests/kube-apiserver.yaml"], placed[^2..]);
        Assert.All(restore.Plan(kit, _other.FullName, Run), step => Assert.Equal(KitAction.Keep, step.Action));
    }

    [Fact]
    public void What_differs_is_put_aside_and_what_is_the_same_stays()
    {
        var kit = _machine.Capture().Take()!;
        _machine.Write("/etc/kubernetes/pki/ca.key", "of another cluster", KitMachine.Secret);
        _machine.Files.SetMode(_machine.Root + "/etc/kubernetes/pki", (UnixFileMode)0x1FF);
        File.Delete(_machine.Root + "/var/lib/kubelet/pki/kubelet-client-current.pem");
        _machine.Link("/var/lib/kubelet/pki/kubelet-client-current.pem", "gone.pem");
        var restore = new KitRestore(_machine.Files);
        var steps = restore.Plan(kit, _machine.Root, Run);
        restore.Apply(steps, Ct);

        var replaced = steps.Where(s => s.Action == KitAction.Replace).ToList();
        Assert.Equal(
            ["/etc/kubernetes/pki", "/etc/kubernetes/pki/ca.key",
                "/var/lib/kubelet/pki/kubelet-client-current.pem"],
            replaced.Select(s => s.Entry.Path));
        Assert.Equal("of another cluster", File.ReadAllText(replaced[1].PutAside!));
        Assert.Equal("gone.pem", new FileInfo(replaced[2].PutAside!).LinkTarget);
        Assert.Equal(KitMachine.Lines(kit), KitMachine.Lines(_machine.Capture().Take()!));
    }

    [Fact]
    public void A_power_cut_at_any_point_leaves_each_file_old_or_new_and_the_next_run_ends_it()
    {
        var kit = _machine.Capture().Take()!;
        for (var cutAt = 0; ; cutAt++)
        {
            using var other = new TempDirectory();
            var old = Path.Combine(other.FullName, "etc/kubernetes/pki/ca.key");
            Directory.CreateDirectory(Path.GetDirectoryName(old)!);
            File.WriteAllText(old, "old");
            var files = new FaultyFileSystem(_machine.Files) { CutAt = cutAt };
            var restore = new KitRestore(files);
            try
            {
                restore.Apply(restore.Plan(kit, other.FullName, Run), Ct);
            }
            catch (PowerCutException)
            {
                // What is left is looked at below.
            }

            Assert.True(File.ReadAllText(old) is "old" or "content of ca.key");
            ShouldBeWhole(kit, other.FullName);
            var again = new KitRestore(_machine.Files);
            again.Apply(again.Plan(kit, other.FullName, ObjectId.New(new SimulatedTime(), new SeededEntropy(2))), Ct);
            Assert.All(again.Plan(kit, other.FullName, Run), step => Assert.Equal(KitAction.Keep, step.Action));
            Assert.Contains(
                Directory.GetFiles(Path.GetDirectoryName(old)!), file => File.ReadAllText(file) == "old");
            if (!files.WasHit)
            {
                return;
            }
        }
    }

    [Theory]
    [InlineData("/etc/kubernetes")]
    [InlineData("/var/lib/kubelet/pki")]
    public void A_link_on_the_way_is_refused_before_anything_is_changed(string path)
    {
        var kit = _machine.Capture().Take()!;
        Directory.CreateDirectory(Path.GetDirectoryName(_other.FullName + path)!);
        File.CreateSymbolicLink(_other.FullName + path, "/tmp");
        var files = new FaultyFileSystem(_machine.Files);
        var e = Assert.Throws<SalvorException>(() => new KitRestore(files).Plan(kit, _other.FullName, Run));

        Assert.Equal(ErrorCode.WrongKind, e.Code);
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        Assert.NotNull(e.Hint);
        Assert.Empty(files.Steps);
    }

    [Fact]
    public void A_directory_where_the_kit_has_a_file_is_refused_and_the_other_way_round()
    {
        var kit = _machine.Capture().Take()!;
        Directory.CreateDirectory(_other.FullName + "/etc/kubernetes/admin.conf");
        Assert.Contains("admin.conf is a directory", Assert.Throws<SalvorException>(
            () => new KitRestore(_machine.Files).Plan(kit, _other.FullName, Run)).Message, StringComparison.Ordinal);

        Directory.Delete(_other.FullName + "/etc/kubernetes/admin.conf");
        File.WriteAllText(_other.FullName + "/etc/kubernetes/pki", "a file");
        Assert.Contains("pki is no directory", Assert.Throws<SalvorException>(
            () => new KitRestore(_machine.Files).Plan(kit, _other.FullName, Run)).Message, StringComparison.Ordinal);
    }

    private static void ShouldBeWhole(KitDocument kit, string root)
    {
        foreach (var entry in kit.Entries.Where(e => e.Content is not null && File.Exists(root + e.Path)))
        {
            var content = File.ReadAllBytes(root + entry.Path);
            Assert.True(content.AsSpan().SequenceEqual(entry.Content) || content.AsSpan().SequenceEqual("old"u8));
        }
    }

    private KitDocument Retaken(KitDocument kit)
    {
        var other = new KitCapture(
            _machine.Files, new SimulatedTime(), new KitPlaces { Root = _other.FullName });
        var taken = other.Take()!;
        Assert.Equal(kit.Entries.Length, taken.Entries.Length);
        return taken;
    }
}
