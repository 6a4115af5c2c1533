using Salvor.Errors;
using Salvor.Formats.Findings;
using Salvor.Tests.Support;
using Salvor.Verify;

namespace Salvor.Tests.Fuzz.Targets;

/// <summary>
/// A check never ends early: it refuses what is no database at all, and turns everything else into findings.
/// </summary>
internal sealed class VerifyDatabase : DatabaseTarget
{
    public override void Run(IReadOnlyList<byte[]> files, Random random)
    {
        var verification = new Verification(Disk(files), new InlineCpuPool(), TimeProvider.System);
        var report = verification.RunAsync(DatabasePath, walDirectory: null, progress: null, CancellationToken.None)
            .GetAwaiter().GetResult();
        Assert.All(report.Findings.Kept, f => Assert.False(f.Severity == Severity.Error && f.Message.Length == 0));
    }

    public override bool IsAllowed(Exception e) => e is SalvorException;
}
