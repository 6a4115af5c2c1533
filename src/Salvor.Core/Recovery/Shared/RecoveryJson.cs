using System.Text.Json.Serialization;
using Salvor.Recovery.Lease;
using Salvor.Recovery.Outside;

namespace Salvor.Recovery.Shared;

/// <summary>The JSON of what guards and agents share. Fields that this version doesn't know are passed over.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false,
    MaxDepth = 16)]
[JsonSerializable(typeof(LeaseDocument))]
[JsonSerializable(typeof(TimelineClaim))]
[JsonSerializable(typeof(Heartbeat))]
[JsonSerializable(typeof(PauseNotice))]
[JsonSerializable(typeof(Approval))]
[JsonSerializable(typeof(GuardReport))]
[JsonSerializable(typeof(SilencedAlarms))]
internal sealed partial class RecoveryJson : JsonSerializerContext;
