using System.Text.Json.Serialization;

namespace Salvor.Recovery.OnMachine.Hands;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RecoveredData))]
internal sealed partial class RecoveredJson : JsonSerializerContext;
