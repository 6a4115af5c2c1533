using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Salvor.Errors;
using Salvor.Formats.Checksums;
using Salvor.Platform;

namespace Salvor.Repository.Keys;

/// <summary>The file that opens a repository: whoever has it reads every backup, and without it nobody does.</summary>
/// <remarks>
/// One line of text: <c>salvor-key-1 ID SECRET CHECK</c>. ID is the repository's, SECRET 32 bytes in base64url without
/// padding, CHECK the CRC-32C of all that comes before the space in front of it, in 8 hex digits. The check tells a slip
/// of the pen, or of a scanner, from a wrong key.
/// </remarks>
public sealed class KeyFile : SlotSecret
{
    public const string SlotKind = "key-file";

    internal const int SecretBytes = 32;
    internal const int SecretTextLength = 43;

    private const string MagicStem = "salvor-key-";
    private const string Magic = MagicStem + "1";
    private const string KeepHint = "Use another copy of the key file; without one the backups can't be read.";

    private readonly byte[] _secret = GC.AllocateArray<byte>(SecretBytes, pinned: true);

    private KeyFile(string path, RepositoryId repositoryId)
    {
        Path = path;
        RepositoryId = repositoryId;
    }

    public override string Kind => SlotKind;

    public override string Description => $"the key file {Path}";

    /// <summary>Where it was read from, or is to be written to.</summary>
    public string Path { get; }

    /// <summary>The repository that it belongs to.</summary>
    public RepositoryId RepositoryId { get; }

    internal override int? Iterations => null;

    /// <summary>Makes a new secret. Nothing is written yet.</summary>
    public static KeyFile New(string path, RepositoryId repositoryId, IEntropy entropy)
    {
        var file = new KeyFile(path, repositoryId);
        entropy.Fill(file._secret);
        return file;
    }

    /// <exception cref="SalvorException">The file is missing or no key file, or it was damaged.</exception>
    public static KeyFile Load(IFileSystem fileSystem, string path) => Parse(path, SecretFile.ReadText(fileSystem, path));

    /// <param name="path">Where the text comes from, for errors.</param>
    /// <param name="text">The line, with or without white space around it.</param>
    /// <exception cref="SalvorException">It is no key file's text.</exception>
    public static KeyFile Parse(string path, string text)
    {
        var parts = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (parts is not [var magic, ..] || !magic.StartsWith(MagicStem, StringComparison.Ordinal))
        {
            throw new SalvorException(ErrorCode.WrongKind, $"{path} is no key file of salvor's.")
            {
                Hint = $"A key file is one line that begins with {Magic}.",
            };
        }

        if (magic != Magic)
        {
            throw new SalvorException(
                ErrorCode.NewerFormat, $"{path} is a key file of another version: {Printable(magic)}, not {Magic}.")
            {
                Hint = "Use the version of salvor that made it, or a newer one.",
            };
        }

        if (parts is not [_, var id, var secret, var check] || text.AsSpan().Trim().ContainsAny('\r', '\n'))
        {
            throw Damaged(path, "it is not one line of four words");
        }

        if (!IsChecked($"{magic} {id} {secret}", check))
        {
            throw Damaged(path, "its check digits do not fit the rest, so at least one character is wrong or missing");
        }

        return Decode(path, id, secret);
    }

    /// <summary>Writes the file, readable by its owner only. Nothing is ever overwritten.</summary>
    /// <exception cref="SalvorException">There is something, or it can't be written.</exception>
    public void Save(IFileSystem fileSystem, IEntropy entropy) =>
        SecretFile.WriteNew(fileSystem, entropy, Path, ToText() + "\n");

    /// <summary>The line itself: the secret. For the file and for tests only.</summary>
    internal string ToText()
    {
        var text = $"{Magic} {RepositoryId} {Base64Url.EncodeToString(_secret)}";
        return $"{text} {CheckOf(text):x8}";
    }

    internal override void DeriveWrappingKey(ReadOnlySpan<byte> salt, int? iterations, Span<byte> wrappingKey) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret, wrappingKey, salt, info: default);

    protected override void Dispose(bool disposing) => CryptographicOperations.ZeroMemory(_secret);

    private static KeyFile Decode(string path, string id, string secret)
    {
        if (!RepositoryId.TryParse(id, out var repositoryId))
        {
            throw Damaged(path, "its second word is no repository's id");
        }

        var file = new KeyFile(path, repositoryId);
        return secret.Length == SecretTextLength
            && Base64Url.IsValid(secret) && Base64Url.TryDecodeFromChars(secret, file._secret, out var written)
            && written == SecretBytes
            ? file
            : throw Damaged(path, "its third word is no secret of 32 bytes");
    }

    private static bool IsChecked(string text, string check) =>
        check.Length == 8
        && uint.TryParse(check, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
        && value == CheckOf(text);

    private static uint CheckOf(string text) => Crc32C.Append(0, Encoding.UTF8.GetBytes(text));

    private static string Printable(string word) =>
        word.Length <= 32 && word.All(char.IsAscii) && !word.Any(char.IsControl) ? word : "an unreadable one";

    private static SalvorException Damaged(string path, string how) =>
        new(ErrorCode.Corrupt, $"The key file {path} is damaged: {how}.") { Hint = KeepHint };
}
