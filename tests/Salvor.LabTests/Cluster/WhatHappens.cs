using System.Collections.Concurrent;
using System.Text;

namespace Salvor.LabTests.Cluster;

/// <summary>
/// What a run saw of each disaster, as the page docs/operations/what-happens.md. The page is written to
/// artifacts/what-happens.md by each full run, and to the docs when SALVOR_GOLDEN is "write".
/// </summary>
public sealed class WhatHappens
{
    private static readonly (string Key, string Title)[] Rows =
    [
        ("apiserver-kill", "kube-apiserver is killed"),
        ("kubelet-kill", "kubelet is killed"),
        ("machine-hang", "the machine hangs"),
        ("machine-stop", "the machine is stopped through the API"),
        ("machine-off", "the machine is off; what of the worker's pods?"),
        ("storage-lost", "etcd's data is lost"),
        ("zone-partition", "the zone is cut off for longer than the node monitor's grace"),
    ];

    private readonly ConcurrentDictionary<string, (string? Without, string? With)> _seen = new();

    /// <summary>Notes what happened without protection.</summary>
    public void Without(string disaster, string what) =>
        _seen.AddOrUpdate(disaster, (what, null), (_, old) => (what, old.With));

    /// <summary>Notes what happened after <c>salvor protect</c>.</summary>
    public void With(string disaster, string what) =>
        _seen.AddOrUpdate(disaster, (null, what), (_, old) => (old.Without, what));

    /// <summary>Writes the page, if every disaster was seen both ways.</summary>
    public async Task WriteAsync()
    {
        if (Rows.Any(row => !_seen.TryGetValue(row.Key, out var seen) || seen.Without is null || seen.With is null))
        {
            return;
        }

        var page = new StringBuilder(
            """
            # What happens

            Written by a run of the tests on a real cluster: etcd, kube-apiserver, kubelet and containerd on one
            machine, a worker with two pods in another zone, and a cloud whose minute takes six seconds (so an alarm's
            two periods take twelve; on AWS they take two minutes). `protect` is `salvor protect --cloud aws`; no agent
            and no guard runs. Times are those of one run, on two processors.

            | disaster | as kubeadm makes it | after `salvor protect` |
            |---|---|---|

            """);
        foreach (var (key, title) in Rows)
        {
            page.Append($"| {title} | {_seen[key].Without} | {_seen[key].With} |\n");
        }

        page.Append(
            """

            "Same containers" means the same ids, process ids and start times, looked up on the worker before and after.

            """);
        foreach (var path in (string[])
            [
                Path.Combine(RepositoryRoot.FullName, "artifacts", "what-happens.md"),
                .. System.Environment.GetEnvironmentVariable("SALVOR_GOLDEN") == "write"
                    ? [Path.Combine(RepositoryRoot.FullName, "docs", "operations", "what-happens.md")]
                    : Array.Empty<string>(),
            ])
        {
            await File.WriteAllTextAsync(path, page.ToString());
        }
    }
}
