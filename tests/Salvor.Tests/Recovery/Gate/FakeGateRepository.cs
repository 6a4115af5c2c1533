using Salvor.Errors;
using Salvor.Recovery.Gate;
using Salvor.Repository;

namespace Salvor.Tests.Recovery.Gate;

/// <summary>A repository that knows what the test wants it to know, when the test wants it to answer.</summary>
internal sealed class FakeGateRepository : IGateRepository
{
    public string Location => "s3://backups/test";

    public TimelineId? Newest { get; init; }

    /// <summary>Whose the newest timeline is.</summary>
    public string? Cluster { get; init; }

    /// <summary>Whether it never answers, and does not even notice that nobody waits any more.</summary>
    public bool Hangs { get; init; }

    public SalvorException? Failure { get; init; }

    public List<GateRecord> Records { get; } = [];

    public Task<TimelineId?> FindNewestAsync(TimelineId? known, CancellationToken ct) =>
        AnswerAsync(known is { } ours && Newest is { } newest && newest.Value < ours.Value ? null : Newest);

    public Task<string?> FindClusterAsync(TimelineId timeline, CancellationToken ct) => AnswerAsync(Cluster);

    public Task<string> RecordAsync(GateRecord record, CancellationToken ct)
    {
        Records.Add(record);
        return AnswerAsync("recovery/gate/1");
    }

    private async Task<T> AnswerAsync<T>(T answer)
    {
        if (Hangs)
        {
            await new TaskCompletionSource().Task;
        }

        return Failure is null ? answer : throw Failure;
    }
}
