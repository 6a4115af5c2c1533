using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Salvor.Errors;

namespace Salvor.ObjectStore.Decorators;

/// <summary>
/// Counts and times every call. Its place is next to the store, inside retries, so that each attempt counts.
/// </summary>
public sealed class MeteredStore(IObjectStore inner, StoreMetrics metrics, TimeProvider time) : IObjectStore
{
    private const string Done = "ok";
    private const string Absent = "absent";

    public string Location => inner.Location;

    public async Task<PutResult> PutAsync(
        ObjectName name, ReadOnlySequence<byte> content, PutCondition condition, CancellationToken ct)
    {
        var result = await MeasureAsync(
            "put", () => inner.PutAsync(name, content, condition, ct), r => r.IsStored ? Done : "conditionNotMet");
        metrics.Bytes("up", result.IsStored ? content.Length : 0);
        return result;
    }

    public async Task<ObjectContent?> GetAsync(
        ObjectName name, ByteRange? range, int bytesMax, CancellationToken ct)
    {
        var content = await MeasureAsync(
            "get", () => inner.GetAsync(name, range, bytesMax, ct), c => c is null ? Absent : Done);
        metrics.Bytes("down", content?.Bytes.Length ?? 0);
        return content;
    }

    public Task<ObjectInfo?> HeadAsync(ObjectName name, CancellationToken ct) =>
        MeasureAsync("head", () => inner.HeadAsync(name, ct), info => info is null ? Absent : Done);

    /// <remarks>One list counts once, whatever pages it takes; its time is that of the whole walk.</remarks>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken ct)
    {
        var start = time.GetTimestamp();
        var outcome = "brokenOff";
        await using var list = inner.ListAsync(prefix, startAfter, ct).GetAsyncEnumerator(ct);
        try
        {
            while (true)
            {
                try
                {
                    if (!await list.MoveNextAsync())
                    {
                        outcome = Done;
                        yield break;
                    }
                }
                catch (SalvorException e)
                {
                    outcome = NameOf(e);
                    throw;
                }

                yield return list.Current;
            }
        }
        finally
        {
            metrics.Request("list", outcome, time.GetElapsedTime(start));
        }
    }

    public Task DeleteAsync(ObjectName name, CancellationToken ct) => MeasureAsync(
        "delete",
        async () =>
        {
            await inner.DeleteAsync(name, ct);
            return true;
        },
        _ => Done);

    public Task<int> RemoveAbandonedAsync(DateTimeOffset startedBefore, CancellationToken ct) =>
        MeasureAsync("removeAbandoned", () => inner.RemoveAbandonedAsync(startedBefore, ct), _ => Done);

    private async Task<T> MeasureAsync<T>(string kind, Func<Task<T>> call, Func<T, string> outcomeOf)
    {
        var start = time.GetTimestamp();
        var outcome = "cancelled";
        try
        {
            var result = await call();
            outcome = outcomeOf(result);
            return result;
        }
        catch (SalvorException e)
        {
            outcome = NameOf(e);
            throw;
        }
        finally
        {
            metrics.Request(kind, outcome, time.GetElapsedTime(start));
        }
    }

    private static string NameOf(SalvorException e) => JsonNamingPolicy.CamelCase.ConvertName(e.Code.ToString());
}
