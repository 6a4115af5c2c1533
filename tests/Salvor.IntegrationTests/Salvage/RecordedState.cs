namespace Salvor.IntegrationTests.Salvage;

/// <summary>What the keyspace held once a request had been acknowledged.</summary>
/// <param name="RaftIndex">The log's end then.</param>
/// <param name="Revision">Of the keyspace.</param>
/// <param name="Keys">Keys, values and leases, as the model shows them.</param>
/// <param name="Outline">The same with lengths instead of values.</param>
internal sealed record RecordedState(ulong RaftIndex, long Revision, string Keys, string Outline);
