using System.Globalization;
using Salvor.EtcdClient;
using Salvor.Readiness.Protect.Machine;
using Salvor.Recovery.Evidence;

namespace Salvor.Recovery.OnMachine.Disk;

/// <summary>Whether etcd's writes to its disk take seconds. Nothing is written to find out.</summary>
/// <remarks>
/// etcd counts its flushes and their time: between two looks, that is a mean. A flush that does not end is not in it,
/// but its thread waits for the device the whole time, while no flush is counted.
/// </remarks>
/// <param name="machine">Whose.</param>
/// <param name="readGauges">Asks etcd; null where it does not answer.</param>
public sealed class DiskStallLook(NodeFiles machine, Func<CancellationToken, Task<EtcdGauges?>> readGauges)
    : IMachineLook
{
    private const double StalledSeconds = 1;
    private const int LooksMin = 3;

    private readonly ProcessTable _processes = new(machine);
    private Dictionary<(int Process, int Thread), int> _waiting = [];
    private EtcdGauges? _last;

    public async Task<Observations> LookAsync(CancellationToken ct)
    {
        var (gauges, before) = (await readGauges(ct), _last);
        _last = gauges;
        var flushes = gauges is { } now && before is { } then ? now.FsyncCount - then.FsyncCount : (double?)null;
        if (flushes > 0)
        {
            _waiting = [];
            var mean = (gauges!.Value.FsyncSeconds - before!.Value.FsyncSeconds) / flushes.Value;
            return Describe(mean > StalledSeconds ? Truth.Yes : Truth.No, string.Create(
                CultureInfo.InvariantCulture, $"a flush of etcd's log took {mean:0.000} s in the mean"));
        }

        var longest = CountWaiting();
        if (longest >= LooksMin)
        {
            return Describe(Truth.Yes, $"a thread of etcd waited for its disk at {longest} looks in a row");
        }

        // Nothing to flush, and nobody who waits: that is no stall. A count that fell is a new etcd's.
        return flushes == 0 && longest == 0
            ? Describe(Truth.No, "etcd had nothing to flush")
            : Describe(Truth.Unknown, "etcd does not say how long its flushes take");
    }

    private static Observations Describe(Truth truth, string detail) =>
        Observations.None.With(Sign.DiskStalls, truth, detail);

    /// <summary>At how many looks in a row, this one included, the most patient thread was found waiting.</summary>
    private int CountWaiting()
    {
        var found = (_processes.Named("etcd") ?? [])
            .SelectMany(id => _processes.WaitingThreads(id).Select(thread => (id, thread)));
        _waiting = found.ToDictionary(key => key, key => _waiting.GetValueOrDefault(key) + 1);
        return _waiting.Count == 0 ? 0 : _waiting.Values.Max();
    }
}
