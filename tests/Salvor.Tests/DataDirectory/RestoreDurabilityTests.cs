using Salvor.Platform.Linux;

namespace Salvor.Tests.DataDirectory;

/// <summary>
/// What a disk may still have in its cache when the power goes: nothing of the member, once it is in place.
/// </summary>
public sealed class RestoreDurabilityTests
{
    public static TheoryData<TargetKind> Kinds => new(Enum.GetValues<TargetKind>());

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Everything_is_flushed_before_it_counts(TargetKind kind)
    {
        using var scene = new RestoreScene(kind);
        var files = new FaultyFileSystem(new LinuxFileSystem());
        await scene.RestoreAsync(files);

        var cache = new DiskCache();
        var member = Path.Combine(scene.Root, "member");
        foreach (var step in files.Steps)
        {
            if (step.To == member)
            {
                Assert.Empty(cache.Below(step.Path));
            }

            if (step.Verb == "rename" && step.Path.EndsWith(".wal", StringComparison.Ordinal))
            {
                Assert.Empty(cache.Below(step.Path));
            }

            if (step.Verb == "unlink" && Path.GetFileName(step.Path).StartsWith("7fff", StringComparison.Ordinal))
            {
                Assert.Empty(cache.Below(member).Concat(cache.Below(scene.Wal)
                    .Where(p => p.EndsWith(".wal", StringComparison.Ordinal) && p != step.Path)));
                Assert.False(cache.IsDirty(scene.Root) || cache.IsDirty(scene.Wal), "a name is not on disk yet");
            }

            cache.Take(step);
        }

        Assert.Empty(cache.Below(member));
        Assert.False(cache.IsDirty(scene.Root) && kind != TargetKind.Missing, "the member's own name is not on disk");
    }
}
