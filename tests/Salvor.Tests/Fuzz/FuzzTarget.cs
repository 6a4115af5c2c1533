using Salvor.Errors;
using Salvor.Formats;

namespace Salvor.Tests.Fuzz;

/// <summary>Code that reads bytes of others, with valid inputs to begin from.</summary>
internal abstract class FuzzTarget
{
    /// <summary>Whether a mutated file can be given checksums that agree again.</summary>
    public virtual bool HasChecksums => false;

    /// <summary>Bytes that a case may allocate, in all and over all its life, per byte of input.</summary>
    public virtual int AllocatedPerInputByte => 64;

    /// <summary>Pieces of text that mean something to the format.</summary>
    public virtual IReadOnlyList<byte[]> Words => [];

    public IReadOnlyList<Sample> Samples => field ??= MakeSamples();

    protected abstract IReadOnlyList<Sample> MakeSamples();

    /// <summary>Reads the files as the product does.</summary>
    public abstract void Run(IReadOnlyList<byte[]> files, Random random);

    /// <summary>Makes the checksums of mutated files agree with their content.</summary>
    public virtual void Reseal(byte[][] files)
    {
    }

    /// <summary>What may come out besides a result.</summary>
    public virtual bool IsAllowed(Exception e) => e is CorruptDataException or SalvorException;
}
