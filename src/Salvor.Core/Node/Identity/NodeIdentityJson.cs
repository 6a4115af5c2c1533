using System.Text.Json.Serialization;

namespace Salvor.Node.Identity;

/// <summary>The stamp's JSON. Fields that this version doesn't know are passed over.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true,
    MaxDepth = 8)]
[JsonSerializable(typeof(NodeIdentity))]
internal sealed partial class NodeIdentityJson : JsonSerializerContext;
