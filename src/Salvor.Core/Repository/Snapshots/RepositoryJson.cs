using System.Text.Json;
using System.Text.Json.Serialization;
using Salvor.Formats;

namespace Salvor.Repository.Snapshots;

/// <summary>The JSON of sealed objects. Fields that this version doesn't know are passed over.</summary>
/// <remarks>The serializer's other mode writes bytes that are null as an empty text.</remarks>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    MaxDepth = 16)]
[JsonSerializable(typeof(Keeping.PrunePlan))]
[JsonSerializable(typeof(Kits.KitDocument))]
[JsonSerializable(typeof(SnapshotCheck))]
[JsonSerializable(typeof(SnapshotManifest))]
[JsonSerializable(typeof(TimelineBegin))]
internal sealed partial class RepositoryJson : JsonSerializerContext
{
    /// <summary>Reads an object's content, and names the object when it is not what it should be.</summary>
    public static T Read<T>(string source, byte[] content, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(content, type)
                ?? throw new CorruptDataException(source, 0, "its content is null");
        }
        catch (JsonException e)
        {
            throw new CorruptDataException(source, e.BytePositionInLine ?? 0,
                $"its content is not what this kind of object holds: {e.Message}");
        }
    }
}
