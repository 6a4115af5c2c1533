using System.Text.Json;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.ObjectStore;

namespace Salvor.Repository.Keys;

/// <summary>The object that makes a store a repository: format, version and id. It is no secret.</summary>
/// <param name="Id">Whose objects these are.</param>
/// <param name="Created">When it was made, by its maker's clock.</param>
public sealed record RepositoryDescriptor(RepositoryId Id, DateTimeOffset Created)
{
    /// <summary>The version of the repository's format that this code writes, and the newest that it reads.</summary>
    public const int Version = 1;

    /// <summary>No descriptor is longer; a longer object is none.</summary>
    public const int BytesMax = 64 << 10;

    private const string Format = "salvor-repository";

    public static ObjectName Name { get; } = new("repository");

    /// <exception cref="CorruptDataException">It is no descriptor.</exception>
    /// <exception cref="SalvorException">A newer salvor made it.</exception>
    public static RepositoryDescriptor Read(string source, ReadOnlyMemory<byte> content)
    {
        if (content.Length > BytesMax)
        {
            throw new CorruptDataException(source, BytesMax, "a repository's descriptor is never this long");
        }

        using var document = JsonText.Parse(source, content);
        var root = document.RootElement;
        if (JsonText.TextOrNull(root, "format") != Format)
        {
            throw new CorruptDataException(source, 0, $"its 'format' is not {Format}");
        }

        var version = root.TryGetProperty("version", out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt32(out var number) && number >= 1
            ? number
            : throw new CorruptDataException(source, 0, "its 'version' is no whole number from 1 on");
        if (version > Version)
        {
            throw new SalvorException(ErrorCode.NewerFormat,
                $"{source} is of version {version}, and this salvor reads repositories up to version {Version}.")
            {
                Hint = "Use a newer salvor. Nothing was changed.",
            };
        }

        return RepositoryId.TryParse(JsonText.Text(source, root, "id"), out var id)
            ? new RepositoryDescriptor(id, JsonText.Time(source, root, "created"))
            : throw new CorruptDataException(source, 0, "its 'id' is not 32 hex digits");
    }

    public byte[] Write() => JsonText.Write(json =>
    {
        json.WriteString("format", Format);
        json.WriteNumber("version", Version);
        json.WriteString("id", Id.ToString());
        json.WriteString("created", JsonText.TimeOf(Created));
    });
}
