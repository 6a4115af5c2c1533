using System.Buffers;
using System.Runtime.CompilerServices;
using Salvor.Errors;
using Salvor.ObjectStore;

namespace Salvor.Simulation.World;

/// <summary>One store, as an actor reaches it through a network that delays, loses and repeats.</summary>
/// <remarks>What was sent is done or not whatever becomes of its sender: a dead one's put may still arrive.</remarks>
internal sealed class ActorStore(SimulatedWorld world, IObjectStore store, StoreWeather weather) : IObjectStore
{
    private static readonly TimeSpan WayMin = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan WayMax = TimeSpan.FromMilliseconds(300);

    /// <summary>Only this actor does not reach it.</summary>
    public bool IsCutOff { get; set; }

    public string Location => store.Location;

    public Task<PutResult> PutAsync(
        ObjectName name, ReadOnlySequence<byte> content, PutCondition condition, CancellationToken ct)
    {
        var copy = new ReadOnlySequence<byte>(content.ToArray());
        var put = () => store.PutAsync(name, copy, condition, CancellationToken.None);
        if (Chance(weather.Duplicate))
        {
            world.After(Way() + Way() + Way(), () => _ = put());
        }

        return CallAsync(put, ct);
    }

    public Task<ObjectContent?> GetAsync(ObjectName name, ByteRange? range, int bytesMax, CancellationToken ct) =>
        CallAsync(() => store.GetAsync(name, range, bytesMax, CancellationToken.None), ct);

    public Task<ObjectInfo?> HeadAsync(ObjectName name, CancellationToken ct) =>
        CallAsync(() => store.HeadAsync(name, CancellationToken.None), ct);

    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken ct)
    {
        var infos = await CallAsync(
            async () => await store.ListAsync(prefix, startAfter, CancellationToken.None).ToListAsync(), ct);
        foreach (var info in infos)
        {
            yield return info;
        }
    }

    public Task DeleteAsync(ObjectName name, CancellationToken ct) => CallAsync(
        async () =>
        {
            await store.DeleteAsync(name, CancellationToken.None);
            return true;
        },
        ct);

    public Task<int> RemoveAbandonedAsync(DateTimeOffset startedBefore, CancellationToken ct) =>
        CallAsync(() => store.RemoveAbandonedAsync(startedBefore, CancellationToken.None), ct);

    private Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        ct.Register(() => answer.TrySetCanceled(ct));
        world.After(weather.Patience, () => answer.TrySetException(NoAnswer()));
        if (!IsAway && !Chance(weather.LostRequest))
        {
            world.After(Way(), async () => await ArriveAsync(call, answer));
        }

        return answer.Task;
    }

    private async Task ArriveAsync<T>(Func<Task<T>> call, TaskCompletionSource<T> answer)
    {
        T result;
        try
        {
            result = await call();
        }
        catch (SalvorException e)
        {
            world.After(Way(), () => answer.TrySetException(e));
            return;
        }

        if (IsAway || Chance(weather.LostAnswer))
        {
            (result as IDisposable)?.Dispose();
            return;
        }

        world.After(Way(), () =>
        {
            if (!answer.TrySetResult(result))
            {
                (result as IDisposable)?.Dispose();
            }
        });
    }

    private bool IsAway => IsCutOff || weather.IsOut;

    private TimeSpan Way() => Chance(weather.Slow)
        ? weather.SlowMax * world.Random.NextDouble()
        : WayMin + ((WayMax - WayMin) * world.Random.NextDouble());

    private bool Chance(double rate) => rate > 0 && world.Random.NextDouble() < rate;

    private SalvorException NoAnswer() =>
        new(ErrorCode.StoreUnreachable, $"{Location} did not answer within {weather.Patience}.") { IsTransient = true };
}
