using Salvor.Tests.Support;

namespace Salvor.Tests.Fuzz.Targets;

/// <summary>What reads a single database file.</summary>
internal abstract class DatabaseTarget : FuzzTarget
{
    protected const string DatabasePath = "/in/file";

    public override bool HasChecksums => true;

    public override void Reseal(byte[][] files) => EtcdDatabase.Reseal(files[0]);

    protected override IReadOnlyList<Sample> MakeSamples() => [.. DatabaseSamples.All];

    protected static MemoryFiles Disk(IReadOnlyList<byte[]> files) => new MemoryFiles().With(DatabasePath, files[0]);
}
