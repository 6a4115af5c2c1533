namespace Salvor.Tests.Fuzz;

/// <summary>One valid input: a file, or the files of a directory in a fixed order.</summary>
internal sealed record Sample(string Name, IReadOnlyList<byte[]> Files)
{
    public Sample(string name, byte[] file)
        : this(name, [file])
    {
    }

    /// <summary>The integers of each file.</summary>
    public IReadOnlyList<IReadOnlyList<Field>> Fields { get; init; } = [];

    public long SizeBytes => Files.Sum(f => (long)f.Length);

    public IReadOnlyList<Field> FieldsOf(int file) => file < Fields.Count ? Fields[file] : [];
}
