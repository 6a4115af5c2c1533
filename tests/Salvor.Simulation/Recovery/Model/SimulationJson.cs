using System.Text.Json.Serialization;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Shared;

namespace Salvor.Simulation.Recovery.Model;

/// <summary>The journal's entries as the simulation stores them, and claims as it reads them.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(JournalEntry))]
[JsonSerializable(typeof(TimelineClaim))]
internal sealed partial class SimulationJson : JsonSerializerContext;
