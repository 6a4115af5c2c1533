namespace Salvor.Tests.DataDirectory;

/// <summary>One change of the disk, as it was asked for.</summary>
internal sealed record FileStep(string Verb, string Path, string? To = null)
{
    public override string ToString() => To is null ? $"{Verb} {Path}" : $"{Verb} {Path} -> {To}";
}
