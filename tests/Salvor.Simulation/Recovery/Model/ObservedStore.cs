using System.Buffers;
using System.Text.Json;
using Salvor.ObjectStore;
using Salvor.Recovery.Shared;
using Salvor.Repository;

namespace Salvor.Simulation.Recovery.Model;

/// <summary>
/// The store itself, where the instant is seen at which a timeline comes into use, whoever hears of it.
/// </summary>
/// <param name="inner">What is stored.</param>
/// <param name="sealer">Opens claims.</param>
/// <param name="region">Is told.</param>
/// <param name="lies">Whether it does not keep its conditions: whatever is put is stored.</param>
internal sealed class ObservedStore(IObjectStore inner, ObjectSealer sealer, Region region, bool lies) : IObjectStore
{
    public string Location => inner.Location;

    public async Task<PutResult> PutAsync(
        ObjectName name, ReadOnlySequence<byte> content, PutCondition condition, CancellationToken ct)
    {
        var result = await inner.PutAsync(name, content, lies ? PutCondition.None : condition, ct);
        if (result.IsStored)
        {
            Observe(name, content);
        }

        return result;
    }

    public Task<ObjectContent?> GetAsync(ObjectName name, ByteRange? range, int bytesMax, CancellationToken ct) =>
        inner.GetAsync(name, range, bytesMax, ct);

    public Task<ObjectInfo?> HeadAsync(ObjectName name, CancellationToken ct) => inner.HeadAsync(name, ct);

    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, string? startAfter, CancellationToken ct) =>
        inner.ListAsync(prefix, startAfter, ct);

    public Task DeleteAsync(ObjectName name, CancellationToken ct) => inner.DeleteAsync(name, ct);

    public Task<int> RemoveAbandonedAsync(DateTimeOffset startedBefore, CancellationToken ct) =>
        inner.RemoveAbandonedAsync(startedBefore, ct);

    private void Observe(ObjectName name, ReadOnlySequence<byte> content)
    {
        if (name.Value.StartsWith(RecoveryNames.Timelines, StringComparison.Ordinal))
        {
            var text = sealer.Open(ObjectKind.Recovery, name, content.ToArray(), StoreJson.ContentBytesMax);
            var claim = JsonSerializer.Deserialize(text, SimulationJson.Default.TimelineClaim)!;
            if (claim.State == ClaimState.Active)
            {
                region.Truth.Begun(claim.Timeline, isActivation: true);
            }
        }
        else if (name.Value.EndsWith("/begin", StringComparison.Ordinal)
            && TimelineId.TryParse(name.Value.Split('/')[^2], out var timeline))
        {
            region.Truth.Begun(timeline.Value, isActivation: false);
        }
    }
}
