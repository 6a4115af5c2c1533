using Salvor.Errors;
using Salvor.Repository;

namespace Salvor.Backup.Streaming;

/// <summary>Ends the writing to a timeline soon after the repository has a newer one.</summary>
/// <remarks>
/// A restore with <c>--new-timeline</c> elsewhere turns this etcd away, and a stream that has run for weeks has to
/// learn of it. One request a look: docs/operations/back-up.md says what that costs.
/// </remarks>
internal sealed class TimelineWatch(
    OpenRepository repository, TimelineId timeline, TimeProvider time, Action<StreamEvent> report)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <summary>Looks until there is one, or until the writing has ended by itself.</summary>
    /// <param name="writing">Is cancelled when there is one.</param>
    public async Task RunAsync(CancellationTokenSource writing)
    {
        try
        {
            do
            {
                await Task.Delay(Interval, time, writing.Token);
            }
            while (!await HasNextAsync(writing.Token));
        }
        catch (OperationCanceledException) when (writing.IsCancellationRequested)
        {
            return;
        }

        report(new StreamEvent.Warning($"Timeline {timeline.Next} was begun in {repository.Store.Location}: nothing is "
            + $"added to timeline {timeline} any more."));
        await writing.CancelAsync();
    }

    private async Task<bool> HasNextAsync(CancellationToken ct)
    {
        try
        {
            return await repository.Store.HeadAsync(RepositoryNames.Begin(timeline.Next), ct) is not null;
        }
        catch (SalvorException)
        {
            return false; // Whoever stores segments tells that the store is away, and there is another look.
        }
    }
}
