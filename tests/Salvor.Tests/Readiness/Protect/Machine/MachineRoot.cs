using Salvor.Platform.Linux;
using Salvor.Readiness.Protect;
using Salvor.Readiness.Protect.Machine;

namespace Salvor.Tests.Readiness.Protect.Machine;

/// <summary>A machine's root directory in a temporary one.</summary>
internal sealed class MachineRoot : IDisposable
{
    public const string Manifest = "/etc/kubernetes/manifests/etcd.yaml";

    private static readonly DateTime LongAgo = new(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private readonly TempDirectory _directory = new();

    public MachineRoot()
    {
        Files = new NodeFiles(new LinuxFileSystem(), Root);
        Record = new ProtectionRecord(Files);
    }

    public string Root => _directory["root"];

    public NodeFiles Files { get; }

    public ProtectionRecord Record { get; }

    public static string Fixture(string name) => File.ReadAllText(
        Path.Combine(RepositoryRoot.FullName, "tests", "Salvor.Tests", "Node", "Fixtures", name));

    public void Dispose() => _directory.Dispose();

    public string PathOf(string path) => Root + path;

    /// <summary>Writes a file as somebody else would, long ago.</summary>
    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(path))!);
        File.WriteAllText(PathOf(path), text);
        File.SetLastWriteTimeUtc(PathOf(path), LongAgo);
    }

    public string Read(string path) => File.ReadAllText(PathOf(path));

    public bool Has(string path) => File.Exists(PathOf(path));

    /// <summary>A log, as an etcd has it that has started once.</summary>
    public void StartEtcdOnce() => Write("/var/lib/etcd/member/wal/0000000000000000-0000000000000000.wal", "x");

    /// <summary>Every file with its content and time: equal means that nothing was written.</summary>
    public IReadOnlyList<string> Everything() =>
    [
        .. Directory.EnumerateFileSystemEntries(Root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(p => $"{p} {File.GetLastWriteTimeUtc(p):O} {(File.Exists(p) ? File.ReadAllText(p) : "")}"),
    ];

    /// <summary>Looks and changes, as the command does.</summary>
    public static async Task<ProtectionResult> RunAsync(
        IProtection protection, ProtectionAim aim = ProtectionAim.Protect)
    {
        var run = new ProtectionRun([protection], aim);
        var ct = TestContext.Current.CancellationToken;
        return (await run.ChangeAsync(await run.LookAsync(ct), ct))[0];
    }
}
