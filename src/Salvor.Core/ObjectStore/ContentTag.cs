using System.Buffers;
using System.Security.Cryptography;

namespace Salvor.ObjectStore;

/// <summary>Tags made of the content itself: its SHA-256 in hex.</summary>
public static class ContentTag
{
    /// <summary>The tag; null for content that is too long to need one.</summary>
    public static ObjectTag? Of(ReadOnlySequence<byte> content)
    {
        if (content.Length > StoreLimits.TaggedBytesMax)
        {
            return null;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in content)
        {
            hash.AppendData(part.Span);
        }

        return new ObjectTag(Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    public static ObjectTag? Of(ReadOnlyMemory<byte> content) => Of(new ReadOnlySequence<byte>(content));
}
