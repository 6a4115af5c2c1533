using Salvor.Inspect;

namespace Salvor.Tests.Fuzz.Targets;

/// <summary>What inspect shows, of the whole and of single keys and values.</summary>
internal sealed class InspectDatabase : DatabaseTarget
{
    private static readonly byte[] Prefix = "/registry/"u8.ToArray();

    public override void Run(IReadOnlyList<byte[]> files, Random random)
    {
        var inspector = new Inspector(Disk(files));
        var inspection = inspector.Run(DatabasePath, top: 10, progress: null, CancellationToken.None);
        Assert.InRange(inspection.Fragmentation, 0, 1);
        foreach (var entry in inspector.List(DatabasePath, Prefix, revision: null, CancellationToken.None).Take(3))
        {
            var found = inspector.Get(DatabasePath, entry.Key, revision: null, CancellationToken.None);
            Assert.NotNull(ValueText.Of(found.Value).Label);
        }
    }
}
