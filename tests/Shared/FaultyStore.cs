using System.Buffers;
using System.Runtime.CompilerServices;
using Salvor.Errors;
using Salvor.ObjectStore;

namespace Salvor.Tests.Shared;

/// <summary>
/// A store whose calls fail by chance, before or after they did their work. The seed tells the whole sequence, as long
/// as calls come one at a time.
/// </summary>
internal sealed class FaultyStore(IObjectStore inner, FaultRates rates, int seed) : IObjectStore
{
    private readonly Random _random = new(seed);
    private readonly Lock _gate = new();
    private readonly List<Func<Task>> _late = [];
    private readonly List<(ObjectName Name, ObjectInfo? Deleted)> _recent = [];
    private bool _isHealed;

    public string Location => $"{inner.Location} (faulty, seed {seed})";

    /// <summary>How many calls have failed.</summary>
    public int Faults { get; private set; }

    /// <summary>From here on nothing fails, and what was late arrives.</summary>
    public async Task HealAsync()
    {
        _isHealed = true;
        await ArriveLateAsync();
    }

    public async Task<PutResult> PutAsync(
        ObjectName name, ReadOnlySequence<byte> content, PutCondition condition, CancellationToken ct)
    {
        await ArriveLateAsync();
        if (Chance(rates.LatePut))
        {
            var copy = new ReadOnlySequence<byte>(content.ToArray());
            lock (_gate)
            {
                _late.Add(() => inner.PutAsync(name, copy, condition, CancellationToken.None));
            }

            throw Fault("put timed out");
        }

        if (Chance(rates.TornPut))
        {
            await inner.PutAsync(name, content.Slice(0, content.Length / 2), PutCondition.None, ct);
            throw Fault("put broke off");
        }

        return await FailAroundAsync("put", async () =>
        {
            var result = await inner.PutAsync(name, content, condition, ct);
            if (result.IsStored)
            {
                Remember(name, deleted: null);
            }

            return result;
        });
    }

    public async Task<ObjectContent?> GetAsync(
        ObjectName name, ByteRange? range, int bytesMax, CancellationToken ct)
    {
        await ArriveLateAsync();
        return await FailAroundAsync("get", () => inner.GetAsync(name, range, bytesMax, ct));
    }

    public async Task<ObjectInfo?> HeadAsync(ObjectName name, CancellationToken ct)
    {
        await ArriveLateAsync();
        return await FailAroundAsync("head", () => inner.HeadAsync(name, ct));
    }

    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken ct)
    {
        await ArriveLateAsync();
        var infos = await inner.ListAsync(prefix, startAfter, ct).ToListAsync(ct);
        infos = MakeStale(infos, prefix, startAfter);
        foreach (var info in infos)
        {
            if (Chance(rates.BrokenList))
            {
                throw Fault("list broke off");
            }

            yield return info;
        }

        if (Chance(rates.BrokenList))
        {
            throw Fault("list broke off");
        }
    }

    public async Task DeleteAsync(ObjectName name, CancellationToken ct)
    {
        await ArriveLateAsync();
        var present = rates.StaleList > 0 ? await inner.HeadAsync(name, ct) : null;
        await FailAroundAsync("delete", async () =>
        {
            await inner.DeleteAsync(name, ct);
            Remember(name, present);
            return true;
        });
    }

    public Task<int> RemoveAbandonedAsync(DateTimeOffset startedBefore, CancellationToken ct) =>
        FailAroundAsync("removal", () => inner.RemoveAbandonedAsync(startedBefore, ct));

    private async Task<T> FailAroundAsync<T>(string verb, Func<Task<T>> call)
    {
        if (Chance(rates.ErrorBefore))
        {
            throw Fault($"{verb} failed");
        }

        var result = await call();
        if (Chance(rates.LostAnswer))
        {
            (result as IDisposable)?.Dispose();
            throw Fault($"the answer to the {verb} was lost");
        }

        return result;
    }

    /// <summary>What was still under way is done before the next call, whose caller has long given it up.</summary>
    private async Task ArriveLateAsync()
    {
        List<Func<Task>> arrived;
        lock (_gate)
        {
            arrived = [.. _late];
            _late.Clear();
        }

        foreach (var put in arrived)
        {
            await put();
        }
    }

    private List<ObjectInfo> MakeStale(List<ObjectInfo> infos, string prefix, string? startAfter)
    {
        if (rates.StaleList == 0 || _isHealed)
        {
            return infos;
        }

        var byName = new SortedDictionary<string, ObjectInfo>(
            infos.ToDictionary(i => i.Name.Value), StringComparer.Ordinal);
        lock (_gate)
        {
            foreach (var (name, deleted) in _recent)
            {
                if (_random.NextDouble() >= rates.StaleList)
                {
                    continue;
                }

                if (deleted is null)
                {
                    byName.Remove(name.Value);
                }
                else if (name.Value.StartsWith(prefix, StringComparison.Ordinal)
                    && string.CompareOrdinal(name.Value, startAfter ?? "") > 0)
                {
                    byName[name.Value] = deleted;
                }
            }
        }

        return [.. byName.Values];
    }

    private void Remember(ObjectName name, ObjectInfo? deleted)
    {
        lock (_gate)
        {
            _recent.Add((name, deleted));
            if (_recent.Count > rates.StaleChangesMax)
            {
                _recent.RemoveAt(0);
            }
        }
    }

    private bool Chance(double rate)
    {
        lock (_gate)
        {
            return !_isHealed && rate > 0 && _random.NextDouble() < rate;
        }
    }

    private SalvorException Fault(string what)
    {
        lock (_gate)
        {
            Faults++;
        }

        return new SalvorException(ErrorCode.StoreUnreachable, $"{Location}: {what}: the test wants it so.")
        {
            IsTransient = true,
        };
    }
}
