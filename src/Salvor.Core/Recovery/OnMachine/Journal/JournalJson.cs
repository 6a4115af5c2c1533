using System.Text.Json.Serialization;
using Salvor.Recovery.Engine;

namespace Salvor.Recovery.OnMachine.Journal;

/// <summary>The JSON of the journal of recoveries.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JournalEntry))]
public sealed partial class JournalJson : JsonSerializerContext;
