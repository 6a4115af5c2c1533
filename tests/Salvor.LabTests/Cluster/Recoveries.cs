using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Salvor.Lab.Faults;

namespace Salvor.LabTests.Cluster;

/// <summary>
/// What a run saw of an agent's recoveries, as the page docs/operations/recoveries.md. A full run writes it to
/// artifacts/recoveries.md, and to the docs when SALVOR_GOLDEN is "write".
/// </summary>
public sealed class Recoveries
{
    private readonly ConcurrentDictionary<string, RecoveryRow> _rows = new();

    public void Add(string faults, RecoveryRow row) => _rows[faults] = row;

    /// <summary>Writes the page, if all of these were seen.</summary>
    public async Task WriteAsync(IReadOnlyList<string> faults)
    {
        if (faults.Any(fault => !_rows.ContainsKey(fault)))
        {
            return;
        }

        var page = new StringBuilder(
            """
            # Recoveries

            Written by a run of the tests on a real cluster: etcd, kube-apiserver, kubelet and containerd on one
            machine with `salvor agent` in mode automatic, and a worker with two pods, whose containers, their process
            ids and start times were the same before and after each fault. The agent sees the machine, never the fault.
            Times are seconds from the fault on, of one run on two processors that the whole lab shares; of a power
            cut and a store that was away, for a minute each, from their end on.

            | Fault | Cause | Rungs | Detected | Decided | Plan ended | API ready | Nodes Ready | Revisions lost |
            |---|---|---|---|---|---|---|---|---|

            """);
        foreach (var fault in faults)
        {
            var row = _rows[fault];
            var title = string.Join(" and ", fault.Split('+').Select(name => FaultTable.Find(name).About));
            page.Append(CultureInfo.InvariantCulture,
                $"| {title} | {row.Cause} | {row.Rungs} | {Seconds(row.Detected)} | {Seconds(row.Decided)} | ")
                .Append(CultureInfo.InvariantCulture,
                    $"{Seconds(row.Ended)} | {Seconds(row.ApiReady)} | {Seconds(row.NodesReady)} | ")
                .Append(row.Lost is { } lost ? lost.ToString(CultureInfo.InvariantCulture) : "-").Append(" |\n");
        }

        page.Append(
            """

            "Revisions lost" is what etcd had a moment before the fault, less what was put in place; "-" where no data
            was replaced. What was salvaged from the damaged directory loses nothing that its files tell of. From the
            ready API to Ready nodes it is kubelet's and the node controller's own time. A manifest that was deleted is
            left alone for two minutes, as somebody's work, and one that was changed for 15: the bad flag's file was
            made 20 minutes old for that. A cause that comes back right after its recovery waits for that one's
            cool-down. Where there is no cause, the agent had nothing to do, and did nothing: kubelet, systemd or the
            boot with its gate did all.

            """);
        foreach (var path in (string[])
            [
                Path.Combine(RepositoryRoot.FullName, "artifacts", "recoveries.md"),
                .. Environment.GetEnvironmentVariable("SALVOR_GOLDEN") == "write"
                    ? [Path.Combine(RepositoryRoot.FullName, "docs", "operations", "recoveries.md")]
                    : Array.Empty<string>(),
            ])
        {
            await File.WriteAllTextAsync(path, page.ToString(), CancellationToken.None);
        }
    }

    private static string Seconds(TimeSpan? time) =>
        time is { } known ? known.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) : "-";
}
