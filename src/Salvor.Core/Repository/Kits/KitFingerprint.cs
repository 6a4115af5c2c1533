using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Salvor.Repository.Kits;

/// <summary>Tells whether two kits are the same: docs/formats/repository.md, "Kits".</summary>
public static class KitFingerprint
{
    /// <returns>A SHA-256 in hex, which the time of capture has no part in.</returns>
    public static string Of(KitDocument kit)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, kit.StaticPods ?? "");
        foreach (var entry in kit.Entries)
        {
            Add(hash, string.Create(CultureInfo.InvariantCulture,
                $"{entry.Path}\0{entry.Mode}\0{entry.Owner}\0{entry.Group}\0{ContentOf(entry)}"));
        }

        foreach (var missing in kit.Missing)
        {
            Add(hash, $"{missing.Path}\0missing");
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>A file's SHA-256 in hex, a link's target, or the word for a directory.</summary>
    public static string ContentOf(KitEntry entry) => entry switch
    {
        { Content: { } content } => Convert.ToHexStringLower(SHA256.HashData(content)),
        { Target: { } target } => "-> " + target,
        _ => "directory",
    };

    private static void Add(IncrementalHash hash, string line) => hash.AppendData(Encoding.UTF8.GetBytes(line + "\n"));
}
