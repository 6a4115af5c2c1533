using System.Security.Cryptography;
using System.Text;
using Salvor.Platform;

namespace Salvor.Repository.Keys;

/// <summary>The 32 random bytes from which the key of every object of a repository is derived.</summary>
/// <remarks>
/// It is never shown, logged or stored but wrapped in a <see cref="KeySlot"/>. Its memory is pinned, so that the
/// garbage collector makes no copies, and cleared when it is disposed of.
/// </remarks>
public sealed class RepositoryKey : IDisposable
{
    public const int SizeBytes = 32;

    private readonly byte[] _bytes = GC.AllocateArray<byte>(SizeBytes, pinned: true);
    private bool _isDisposed;

    /// <param name="bytes">Exactly <see cref="SizeBytes"/>; copied, and the caller's to clear.</param>
    public RepositoryKey(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, SizeBytes);
        bytes.CopyTo(_bytes);
    }

    private RepositoryKey(IEntropy entropy) => entropy.Fill(_bytes);

    /// <summary>The key itself, until this is disposed of. Never write it anywhere.</summary>
    public ReadOnlySpan<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _bytes;
        }
    }

    public static RepositoryKey New(IEntropy entropy) => new(entropy);

    /// <summary>Derives a key for one purpose (HKDF-SHA256).</summary>
    /// <param name="salt">What makes it this one object's.</param>
    /// <param name="info">What it is for; written in UTF-8.</param>
    /// <param name="derived">Filled with the derived key; the caller's to clear.</param>
    public void Derive(ReadOnlySpan<byte> salt, string info, Span<byte> derived) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Bytes, derived, salt, Encoding.UTF8.GetBytes(info));

    public void Dispose()
    {
        _isDisposed = true;
        CryptographicOperations.ZeroMemory(_bytes);
    }

    /// <summary>Says nothing of the key, so that no log can.</summary>
    public override string ToString() => nameof(RepositoryKey);
}
