using System.Globalization;
using System.Security.Cryptography;
using Salvor.ObjectStore;
using Salvor.Repository.Keys;

namespace Salvor.Repository;

/// <summary>Derives the key of each object from the repository's.</summary>
/// <remarks>
/// The object's name, kind and repository go into the derivation: an object under a name that is not its own has
/// another key, and does not open. So nothing can be exchanged, carried over or renamed unseen.
/// </remarks>
internal sealed class ObjectKeys(RepositoryId repository, RepositoryKey key)
{
    private const int KeyBytes = 32;

    public AesGcm Derive(ObjectKind kind, ObjectName name, ReadOnlySpan<byte> salt)
    {
        var purpose = string.Create(
            CultureInfo.InvariantCulture, $"salvor 1 object {repository} {(int)kind} {name.Value}");
        Span<byte> derived = stackalloc byte[KeyBytes];
        key.Derive(salt, purpose, derived);
        var cipher = new AesGcm(derived, SealedLayout.TagBytes);
        CryptographicOperations.ZeroMemory(derived);
        return cipher;
    }
}
