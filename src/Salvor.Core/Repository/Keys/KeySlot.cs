using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Salvor.Platform;

namespace Salvor.Repository.Keys;

/// <summary>The repository key, wrapped by something that an operator holds.</summary>
/// <remarks>
/// AES-256-GCM with a zero nonce, since a wrapping key is derived with a new salt for each slot and used once. The kind
/// and the repository's id are associated data: a slot that was carried over from another repository does not open.
/// </remarks>
public sealed record KeySlot
{
    internal const int SaltBytes = 32;
    internal const int WrappedBytes = RepositoryKey.SizeBytes + TagBytes;

    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int WrappingKeyBytes = 32;

    /// <summary>The kind: <see cref="KeyFile.SlotKind"/>, <see cref="Passphrase.SlotKind"/>.</summary>
    public required string Kind { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>32 bytes.</summary>
    public required ImmutableArray<byte> Salt { get; init; }

    /// <summary>48 bytes: the wrapped key and its tag.</summary>
    public required ImmutableArray<byte> Wrapped { get; init; }

    /// <summary>Rounds of the passphrase's derivation; null for kinds without one.</summary>
    public int? Iterations { get; init; }

    /// <summary>Wraps the key. For a passphrase this takes most of a second of CPU, on purpose.</summary>
    public static KeySlot Wrap(
        RepositoryId id, RepositoryKey key, SlotSecret secret, DateTimeOffset created, IEntropy entropy)
    {
        var salt = new byte[SaltBytes];
        entropy.Fill(salt);
        var wrapped = new byte[WrappedBytes];
        Span<byte> wrappingKey = stackalloc byte[WrappingKeyBytes];
        try
        {
            secret.DeriveWrappingKey(salt, secret.Iterations, wrappingKey);
            using var cipher = new AesGcm(wrappingKey, TagBytes);
            cipher.Encrypt(stackalloc byte[NonceBytes], key.Bytes, wrapped.AsSpan(0, RepositoryKey.SizeBytes),
                wrapped.AsSpan(RepositoryKey.SizeBytes), AssociatedData(secret.Kind, id));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(wrappingKey);
        }

        return new KeySlot
        {
            Kind = secret.Kind,
            Created = created,
            Salt = [.. salt],
            Wrapped = [.. wrapped],
            Iterations = secret.Iterations,
        };
    }

    /// <summary>The key; null when the secret is of another kind, or not this slot's.</summary>
    public RepositoryKey? TryUnwrap(RepositoryId id, SlotSecret secret)
    {
        if (secret.Kind != Kind)
        {
            return null;
        }

        Span<byte> wrappingKey = stackalloc byte[WrappingKeyBytes];
        Span<byte> key = stackalloc byte[RepositoryKey.SizeBytes];
        try
        {
            secret.DeriveWrappingKey(Salt.AsSpan(), Iterations, wrappingKey);
            using var cipher = new AesGcm(wrappingKey, TagBytes);
            var wrapped = Wrapped.AsSpan();
            cipher.Decrypt(stackalloc byte[NonceBytes], wrapped[..RepositoryKey.SizeBytes],
                wrapped[RepositoryKey.SizeBytes..], key, AssociatedData(Kind, id));
            return new RepositoryKey(key);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(wrappingKey);
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static byte[] AssociatedData(string kind, RepositoryId id) =>
        Encoding.UTF8.GetBytes($"salvor 1 slot {kind} {id}");
}
