using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Salvor.Tests.DataDirectory;

/// <summary>
/// The files below a directory by relative path, each with the hash of its content; Salvor's own left out.
/// </summary>
internal static class Tree
{
    public static readonly ImmutableSortedDictionary<string, string> Empty = ImmutableSortedDictionary<string,
        string>.Empty;

    public static readonly IEqualityComparer<ImmutableSortedDictionary<string, string>> Comparer =
        EqualityComparer<ImmutableSortedDictionary<string, string>>.Create((a, b) => a!.SequenceEqual(b!));

    public static ImmutableSortedDictionary<string, string> Of(string directory) => !Directory.Exists(directory)
        ? Empty
        : Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .Select(p => (Name: Path.GetRelativePath(directory, p), Path: p))
            .Where(f => !f.Name.StartsWith(".salvor-", StringComparison.Ordinal))
            .ToImmutableSortedDictionary(f => f.Name, f => Hash(f.Path), StringComparer.Ordinal);

    public static string Hash(string path)
    {
        using var content = File.OpenRead(path);
        // Sparse tails of reserved logs: only what is there counts, and its length.
        return $"{content.Length} {Convert.ToHexString(SHA256.HashData(new BinaryReader(content).ReadBytes(1 << 20)))}";
    }
}
