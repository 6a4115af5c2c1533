using Salvor.Formats.Findings;
using Salvor.Restore;
using Salvor.Tests.Support;
using Salvor.Verify;

namespace Salvor.Tests.Fuzz.Targets;

/// <summary>What a restore accepts, it turns into a database without a fault of the file format.</summary>
internal sealed class RestoreDatabase : DatabaseTarget
{
    private const string Target = "/out/etcd";

    public override void Run(IReadOnlyList<byte[]> files, Random random)
    {
        var disk = Disk(files).With("/out/.keep", []);
        var options = new RestoreOptions
        {
            DataDirectory = Target,
            ClusterToken = "fuzz",
            LeafPages = random.Next(2) == 0 ? 1 : 16,
            IsCompacted = random.Next(3) == 0,
            RevisionBump = random.Next(3) == 0 ? 1_000_000_000 : 0,
            SkipsHashCheck = true,
        };
        var pool = new InlineCpuPool();
        new SnapshotRestore(disk, pool, TimeProvider.System)
            .RunAsync(DatabasePath, options, progress: null, CancellationToken.None).GetAwaiter().GetResult();
        if (random.Next(4) == 0)
        {
            var report = new Verification(disk, pool, TimeProvider.System)
                .RunAsync(Target, walDirectory: null, progress: null, CancellationToken.None).GetAwaiter().GetResult();
            Assert.DoesNotContain(report.Findings.Kept,
                f => f.Severity == Severity.Error && f.Code.StartsWith("bbolt.", StringComparison.Ordinal));
        }
    }
}
