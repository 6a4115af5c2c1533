using Salvor.Lab.Network;

namespace Salvor.Lab.Faults;

/// <summary>Faults of the cloud itself: its hosts, its capacity, and what its API tells.</summary>
public static class CloudFaults
{
    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(30);

    private static string Zone => Laboratory.Zones[0];

    public static IReadOnlyList<Fault> All { get; } =
    [
        new("host-failure", "the host under the control plane's machine dies; the API still says running",
            (lab, cancel) =>
            {
                lab.Cloud.Do(region => region.FailHost(lab.Cluster.ControlPlaneId));
                return Wait.UntilAsync("the end of the machine", _ => Task.FromResult(!lab.Cluster.ControlPlane.IsOn),
                    TimeSpan.FromSeconds(30), cancel);
            },
            (lab, cancel) => lab.Cluster.SwitchOnAsync(cancel),
            (lab, _) => Task.FromResult(lab.Cloud.Do(region => region.Require(lab.Cluster.ControlPlaneId)) is
                { IsHostUp: false } one ? $"the host is down, and the API says {one.State}" : null)),
        new("stuck-stopping", "the control plane's machine does not leave 'stopping' once it is stopped",
            (lab, _) => Do(() => lab.Cloud.Do(region => region.SetStuckStopping(lab.Cluster.ControlPlaneId, true))),
            (lab, _) => Do(() => lab.Cloud.Do(region => region.SetStuckStopping(lab.Cluster.ControlPlaneId, false))),
            (lab, _) => Seen(lab.Cloud.Do(region => region.IsStuckStopping(lab.Cluster.ControlPlaneId)),
                "a stop of the machine does not end")),
        new("stale-describes", "the API's describes tell of half a minute ago",
            (lab, _) => Do(() => lab.Cloud.Do(region => region.SetStaleness(Stale))),
            (lab, _) => Do(() => lab.Cloud.Do(region => region.SetStaleness(TimeSpan.Zero))),
            (lab, _) => Seen(lab.Cloud.Do(region => region.Staleness) > TimeSpan.Zero,
                $"describes are {Stale.TotalSeconds} s old")),
        new("no-capacity", "the control plane's zone has no capacity for another start",
            (lab, _) => Do(() => lab.Cloud.Do(region => region.SetNoCapacity(Zone, true))),
            (lab, _) => Do(() => lab.Cloud.Do(region => region.SetNoCapacity(Zone, false))),
            (lab, _) => Seen(lab.Cloud.Do(region => region.HasNoCapacity(Zone)), $"{Zone} starts nothing")),
        new("cloud-unreachable", "the cloud's API drops what comes from the control plane's zone",
            (lab, _) => Do(() => lab.Cloud.Do(region => region.SetCutOff(Zone, true))),
            (lab, _) => Do(() => lab.Cloud.Do(region => region.SetCutOff(Zone, false))),
            async (lab, cancel) => lab.Cloud.Do(region => region.HasCutOff(Zone)) && !await AnswersAsync(lab, cancel)
                .ConfigureAwait(false) ? "the machine gets no answer from the API" : null),
    ];

    private static async Task<bool> AnswersAsync(Laboratory lab, CancellationToken cancel)
    {
        var probe = await lab.Cluster.ControlPlane.TryAsync(
            ["curl", "--silent", "--max-time", "2", "--output", "/dev/null", $"http://{Fabric.ServiceAddress}/"],
            cancel).ConfigureAwait(false);
        return probe.Succeeded;
    }

    private static Task Do(Action act)
    {
        act();
        return Task.CompletedTask;
    }

    private static Task<string?> Seen(bool isSo, string proof) => Task.FromResult(isSo ? proof : null);
}
