using System.Text.Json.Serialization;

namespace Salvor.Recovery.Gate;

/// <summary>The JSON of what the gate writes down. Fields that this version doesn't know are passed over.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UseStringEnumConverter = true,
    WriteIndented = true,
    MaxDepth = 16)]
[JsonSerializable(typeof(GateRecord))]
internal sealed partial class GateJson : JsonSerializerContext;
