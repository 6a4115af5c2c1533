using System.Collections.Immutable;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.Recovery.Shared;
using Salvor.Repository;

namespace Salvor.Recovery.Outside;

/// <summary>Who watches a cluster, for people: by what agents and guards have left in its repository.</summary>
public static class WatcherSurvey
{
    private const int NamesMax = 1000;

    /// <exception cref="SalvorException">The store did not tell.</exception>
    public static async Task<Watchers> ReadAsync(StoreJson objects, CancellationToken ct)
    {
        var agents = ImmutableArray.CreateBuilder<Heartbeat>();
        var guards = ImmutableArray.CreateBuilder<GuardReport>();
        var faults = ImmutableArray.CreateBuilder<string>();
        foreach (var holder in await HeartbeatWatch.ListAsync(objects, ct))
        {
            await TryAsync(async () =>
            {
                var beat = await objects.ReadAsync(
                    RecoveryNames.Heartbeat(holder), RecoveryJson.Default.Heartbeat, ct);
                Add(agents, beat?.Value, beat?.Value.Fault(holder), holder);
            });
        }

        foreach (var name in await objects.ListAsync(RecoveryNames.Observations, NamesMax, ct))
        {
            if (HolderId.TryParse(name.Value[RecoveryNames.Observations.Length..], out var guard))
            {
                await TryAsync(async () =>
                {
                    var report = await objects.ReadAsync(name, RecoveryJson.Default.GuardReport, ct);
                    Add(guards, report?.Value, report?.Value.Fault(guard), guard);
                });
            }
        }

        var notices = Notices.None;
        await TryAsync(async () => notices = await new StoreNotices(objects).ReadAsync(ct));
        return new Watchers(agents.ToImmutable(), guards.ToImmutable(), notices, faults.ToImmutable());

        void Add<T>(ImmutableArray<T>.Builder to, T? found, string? fault, HolderId whose)
            where T : class
        {
            if (fault is not null)
            {
                faults.Add($"what {whose} says: {fault}");
            }
            else if (found is not null)
            {
                to.Add(found);
            }
        }

        // One that is damaged, or may not be read, hides nobody else.
        async Task TryAsync(Func<Task> read)
        {
            try
            {
                await read();
            }
            catch (Exception e) when (e is CorruptDataException or SalvorException { IsTransient: false })
            {
                faults.Add(e.Message);
            }
        }
    }
}
