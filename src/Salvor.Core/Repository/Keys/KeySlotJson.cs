using System.Collections.Immutable;
using System.Text.Json;
using Salvor.Formats;

namespace Salvor.Repository.Keys;

/// <summary>The text of a key slot's object.</summary>
/// <remarks>
/// JSON: <c>kind</c>, <c>created</c>, <c>salt</c> (base64, 32 bytes), <c>wrapped</c> (base64, 48 bytes) and, for a
/// passphrase, <c>kdf</c> (<c>pbkdf2-sha512</c>) and <c>iterations</c> (600,000 to 100 million). Unknown fields, and
/// slots of unknown kinds, are passed over.
/// </remarks>
public static class KeySlotJson
{
    /// <summary>No slot is longer; a longer object is none.</summary>
    public const int BytesMax = 16 << 10;

    private const string Kdf = "pbkdf2-sha512";

    public static byte[] Write(KeySlot slot) => JsonText.Write(json =>
    {
        json.WriteString("kind", slot.Kind);
        json.WriteString("created", JsonText.TimeOf(slot.Created));
        if (slot.Iterations is { } iterations)
        {
            json.WriteString("kdf", Kdf);
            json.WriteNumber("iterations", iterations);
        }

        json.WriteBase64String("salt", slot.Salt.AsSpan());
        json.WriteBase64String("wrapped", slot.Wrapped.AsSpan());
    });

    /// <summary>The slot; null when it is of a kind that this version does not know.</summary>
    /// <param name="source">The object, for errors.</param>
    /// <param name="content">Its content.</param>
    /// <exception cref="CorruptDataException">It is no key slot.</exception>
    public static KeySlot? Read(string source, ReadOnlyMemory<byte> content)
    {
        if (content.Length > BytesMax)
        {
            throw new CorruptDataException(source, BytesMax, "a key slot is never this long");
        }

        using var document = JsonText.Parse(source, content);
        var root = document.RootElement;
        var kind = JsonText.Text(source, root, "kind");
        return kind is KeyFile.SlotKind or Passphrase.SlotKind
            ? new KeySlot
            {
                Kind = kind,
                Created = JsonText.Time(source, root, "created"),
                Salt = Bytes(source, root, "salt", KeySlot.SaltBytes),
                Wrapped = Bytes(source, root, "wrapped", KeySlot.WrappedBytes),
                Iterations = kind == Passphrase.SlotKind ? IterationsOf(source, root) : null,
            }
            : null;
    }

    private static int IterationsOf(string source, JsonElement root)
    {
        var kdf = JsonText.Text(source, root, "kdf");
        if (kdf != Kdf)
        {
            throw new CorruptDataException(source, 0, $"its 'kdf' is not {Kdf}");
        }

        // Bounded above: whoever can write to the store must not be able to keep us busy for years.
        return root.TryGetProperty("iterations", out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt32(out var iterations)
            && iterations is >= Passphrase.IterationsMin and <= Passphrase.IterationsMax
            ? iterations
            : throw new CorruptDataException(
                source, 0, $"its 'iterations' is not {Passphrase.IterationsMin} to {Passphrase.IterationsMax}");
    }

    private static ImmutableArray<byte> Bytes(string source, JsonElement root, string name, int count) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
        && value.TryGetBytesFromBase64(out var bytes) && bytes.Length == count
            ? [.. bytes]
            : throw new CorruptDataException(source, 0, $"its '{name}' is not {count} bytes in base64");
}
