using Salvor.Inspect;
using Salvor.Tests.Support;
using Salvor.Verify;

namespace Salvor.Tests.Fuzz.Targets;

/// <summary>What verify and inspect say of a directory.</summary>
internal sealed class VerifyDirectory : DirectoryTarget
{
    public override void Run(IReadOnlyList<byte[]> files, Random random)
    {
        var disk = Directory(files);
        var verification = new Verification(disk, new InlineCpuPool(), TimeProvider.System);
        _ = verification.RunAsync(Root, walDirectory: null, progress: null, CancellationToken.None).GetAwaiter()
            .GetResult();
        _ = new Inspector(disk).Run(Root, top: 3, progress: null, CancellationToken.None);
    }
}
