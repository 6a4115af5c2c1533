using System.Diagnostics;
using Salvor.Lab.Cloud.Model;
using Salvor.Lab.Cluster;

namespace Salvor.Lab.Faults;

/// <summary>Faults of the volume under etcd.</summary>
public static class VolumeFaults
{
    private const string Tag = "fault";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static IReadOnlyList<Fault> All { get; } =
    [
        new("volume-lost", "etcd's volume is detached by force while it is in use",
            async (lab, cancel) =>
            {
                Mark(lab, "volume-lost");
                await DetachAsync(lab, lab.Cluster.EtcdVolume.Id, cancel).ConfigureAwait(false);
            },
            (lab, cancel) => BackAsync(lab, "volume-lost", cancel),
            (lab, _) => Task.FromResult(Proof(lab, "volume-lost"))),
        new("volume-swapped", "the machine starts with an empty volume in the place of etcd's",
            SwapAsync,
            (lab, cancel) => BackAsync(lab, "volume-swapped", cancel),
            (lab, _) => Task.FromResult(Proof(lab, "volume-swapped"))),
        new("volume-slow", "etcd's volume takes few writes a second",
            (lab, cancel) => lab.Host.SlowVolumeAsync(lab.Cluster.EtcdVolume.Id, SlowWrites, cancel),
            (lab, cancel) => lab.Host.SlowVolumeAsync(lab.Cluster.EtcdVolume.Id, null, cancel),
            SlownessAsync),
    ];

    private const int SlowWrites = 8;
    private static readonly TimeSpan SlowSync = TimeSpan.FromMilliseconds(100);

    /// <summary>A write of one block with its sync: a healthy volume takes a few milliseconds.</summary>
    private static async Task<string?> SlownessAsync(Laboratory lab, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        await lab.Cluster.ControlPlane.ShellAsync(
            "for i in 1 2 3; do dd if=/dev/zero of=/var/lib/etcd/probe bs=4096 count=1 oflag=dsync status=none; done; "
            + "rm -f /var/lib/etcd/probe", cancel).ConfigureAwait(false);
        var each = Stopwatch.GetElapsedTime(start) / 3;
        return each > SlowSync ? $"a synchronous write takes {each.TotalMilliseconds:0} ms" : null;
    }

    private static async Task SwapAsync(Laboratory lab, CancellationToken cancel)
    {
        Mark(lab, "volume-swapped");
        var zone = lab.Cluster.EtcdVolume.Zone;
        await lab.Cluster.SwitchOffAsync(cancel).ConfigureAwait(false);
        await DetachAsync(lab, lab.Cluster.EtcdVolume.Id, cancel).ConfigureAwait(false);
        var other = lab.Cloud.Do(region => region.CreateVolume(zone, 1, null, []).Id);
        await AvailableAsync(lab, other, cancel).ConfigureAwait(false);
        await AttachAsync(lab, other, cancel).ConfigureAwait(false);
        await lab.Cluster.SwitchOnAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>Gives the machine the volume that it had, and starts it anew: its mount was of another disk.</summary>
    private static async Task BackAsync(Laboratory lab, string fault, CancellationToken cancel)
    {
        if (Marked(lab, fault) is not { } volume)
        {
            return;
        }

        await lab.Cluster.SwitchOffAsync(cancel).ConfigureAwait(false);
        if (volume.Attachment is null)
        {
            var there = lab.Cloud.Do(region => region.State.Volumes.Values.FirstOrDefault(
                one => one.Attachment is { Device: LabCluster.EtcdDevice }));
            if (there is not null)
            {
                await DetachAsync(lab, there.Id, cancel).ConfigureAwait(false);
            }

            await AttachAsync(lab, volume.Id, cancel).ConfigureAwait(false);
        }

        lab.Cloud.Do(region => region.Update(
            region.RequireVolume(volume.Id) with { Tags = volume.Tags.Remove(Tag) }));
        await lab.Cluster.SwitchOnAsync(cancel).ConfigureAwait(false);
    }

    private static string? Proof(Laboratory lab, string fault) =>
        Marked(lab, fault) is { Attachment: null } volume ? $"{volume.Id} is {volume.State}, and on no machine" : null;

    private static Volume? Marked(Laboratory lab, string fault) => lab.Cloud.Do(region =>
        region.State.Volumes.Values.FirstOrDefault(one => one.Tags.GetValueOrDefault(Tag) == fault));

    private static void Mark(Laboratory lab, string fault)
    {
        var volume = lab.Cluster.EtcdVolume;
        lab.Cloud.Do(region => region.Update(volume with { Tags = volume.Tags.SetItem(Tag, fault) }));
    }

    private static Task<TimeSpan> DetachAsync(Laboratory lab, string volume, CancellationToken cancel)
    {
        lab.Cloud.Do(region => region.Detach(volume, null, force: true));
        return AvailableAsync(lab, volume, cancel);
    }

    private static Task<TimeSpan> AttachAsync(Laboratory lab, string volume, CancellationToken cancel)
    {
        lab.Cloud.Do(region => region.Attach(volume, lab.Cluster.ControlPlaneId, LabCluster.EtcdDevice));
        return Wait.UntilAsync("an attached volume", _ => Task.FromResult(lab.Cloud.Do(
            region => region.RequireVolume(volume).Attachment is { State: "attached" })), Patience, cancel);
    }

    private static Task<TimeSpan> AvailableAsync(Laboratory lab, string volume, CancellationToken cancel) =>
        Wait.UntilAsync("an available volume", _ => Task.FromResult(lab.Cloud.Do(
            region => region.RequireVolume(volume).State == "available")), Patience, cancel);
}
