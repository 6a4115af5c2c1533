using Salvor.DataDirectory;
using Salvor.Formats.Findings;
using Salvor.Restore;
using Salvor.Restore.Salvage;
using Salvor.Tests.Support;
using Salvor.Verify;

namespace Salvor.Tests.Fuzz.Targets;

/// <summary>What salvage makes of a damaged directory is sound as a file, whatever it had to leave out.</summary>
internal sealed class SalvageDirectory : DirectoryTarget
{
    private const string Target = "/out/etcd";

    // An entry of some 10 bytes may delete and write keys anew each time: what a replay makes of a log is longer than
    // it.
    public override int AllocatedPerInputByte => 512;

    public override void Run(IReadOnlyList<byte[]> files, Random random)
    {
        var disk = Directory(files).With("/out/.keep", []);
        var options = new SalvageOptions
        {
            Source = new MemberLayout(Root),
            Target = new RestoreOptions
            {
                DataDirectory = Target,
                ClusterToken = "fuzz",
                IsCompacted = random.Next(4) == 0,
                RevisionBump = random.Next(4) == 0 ? 1_000_000_000 : 0,
            },
        };
        var report = new DirectorySalvage(disk, TimeProvider.System)
            .Run(options, progress: null, CancellationToken.None);
        Assert.True(report.IsComplete || report.Losses.Count > 0);
        if (random.Next(4) == 0)
        {
            var verified = new Verification(disk, new InlineCpuPool(), TimeProvider.System)
                .RunAsync(Target, walDirectory: null, progress: null, CancellationToken.None).GetAwaiter().GetResult();
            Assert.DoesNotContain(verified.Findings.Kept,
                f => f.Severity == Severity.Error && !f.Code.StartsWith("keyspace.", StringComparison.Ordinal));
        }
    }
}
