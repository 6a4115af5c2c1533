using System.Text;
using Salvor.DataDirectory;
using Salvor.Errors;
using Salvor.Node;
using Salvor.Node.Identity;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Gate;
using Salvor.Recovery.OnMachine.Looks;

namespace Salvor.Recovery.OnMachine.Hands;

/// <summary>Holds etcd back while its data is replaced, in the gate's own place, and lets it go again.</summary>
public sealed class EtcdHold(AgentMachine machine, HeldManifest held, PodHands pods, TimelineLook timeline)
{
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan GoneLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan TimelineLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>The manifest, wherever it is now.</summary>
    public EtcdManifest Load() => EtcdManifest.Load(machine.Files, held.CurrentPath);

    public async Task<StepReport> HoldAsync(StepOrder order, CancellationToken ct)
    {
        switch (held.Place)
        {
            case ManifestPlace.Missing:
                return StepReport.Refused($"there is no manifest of etcd's at {held.Manifest}");
            case ManifestPlace.InPlace:
                held.Hold(Reason(order));
                break;
            default:
                break;
        }

        return await AwaitGoneAsync(ct);
    }

    /// <summary>
    /// Takes every manifest of the control plane aside, etcd's last: until then the others have something to end with.
    /// </summary>
    public async Task<StepReport> StandDownAsync(StepOrder order, CancellationToken ct)
    {
        foreach (var name in (string[])["kube-controller-manager", "kube-scheduler", ContainerLook.ApiServer])
        {
            var manifest = Path.Combine(machine.ManifestDirectory, name + ".yaml");
            if (machine.Files.Stat(manifest) is not null)
            {
                new HeldManifest(machine.Files, manifest, machine.Time).Hold(Reason(order));
            }
        }

        return await HoldAsync(order, ct);
    }

    /// <summary>Lets etcd start, if what it would start on is whole and this machine's at this moment.</summary>
    /// <remarks>The data is looked at last: while the store takes its time to answer, it may be lost again.</remarks>
    public async Task<StepReport> ReleaseAsync(CancellationToken ct)
    {
        if (held.Place != ManifestPlace.Held)
        {
            return StepReport.Done("it is not held");
        }

        // Where nobody answers it goes on, as the gate does: the plan has had a look at it before.
        var answer = await AskTimelineAsync(ct);
        var stamp = new NodeIdentityFile(machine.Files, "/").ReadOrNull();
        if (answer.NewerThan(stamp) is { Truth: Truth.Yes } newer)
        {
            return Overtaken(newer);
        }

        var manifest = Load();
        var layout = new MemberLayout(manifest.DataDirectory, manifest.WalDirectory)
            .WithoutNeedlessWalDirectory(machine.Files);
        if (VolumeFault(layout, stamp) is { } fault)
        {
            return StepReport.Refused(fault);
        }

        var look = await machine.Pool.Run(() => new DataLook(machine.Files).Look(layout, stamp, ct), ct);
        if (look.State != DataState.Good)
        {
            return StepReport.Refused($"the data in {layout.Root} is {look.State}: {look.Detail}");
        }

        held.Release();
        return StepReport.Done($"{held.Manifest} is back");
    }

    /// <summary>Why the place of the data is not the one that the stamp tells of; null where it may be.</summary>
    internal string? VolumeFault(MemberLayout layout, NodeIdentity? stamp) =>
        MountTable.Compare(MountTable.Read(machine.Files).Of(layout.Root), stamp?.Mount)
            is MountState.Missing or MountState.Other
            ? $"the volume of {layout.Root} is not mounted where it was"
            : null;

    /// <summary>
    /// What the repository says of its timelines at this moment. Where it does not answer in time, nobody knows.
    /// </summary>
    internal async Task<TimelineAnswer> AskTimelineAsync(CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(TimelineLimit, machine.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
        try
        {
            // A store that hangs heeds no token.
            return await timeline.AskAsync(either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new TimelineAnswer(
                machine.Time.GetTimestamp(), Truth.Unknown, $"no answer in {TimelineLimit.TotalSeconds} s");
        }
    }

    internal static StepReport Overtaken(Sighting newer) =>
        StepReport.Refused($"another control plane has taken this one's place: {newer.Detail}");

    /// <summary>Without its manifest kubelet ends etcd, and starts it no more; the runtime is told, too.</summary>
    private async Task<StepReport> AwaitGoneAsync(CancellationToken ct)
    {
        var manifest = Load();
        var layout = new MemberLayout(manifest.DataDirectory, manifest.WalDirectory);
        var inContainer = manifest.Flags.GetValueOrDefault("data-dir") ?? manifest.DataDirectory;
        var start = machine.Time.GetTimestamp();
        var quiet = 0;
        while (quiet < 3)
        {
            var isThere = LiveEtcd.FindLock(machine.Files, layout) is not null
                || EtcdProcesses.Find(machine.Files, layout.Root, inContainer) is not null;
            quiet = isThere ? 0 : quiet + 1;
            if (isThere)
            {
                await TryStopAsync(ct);
            }

            if (machine.Time.GetElapsedTime(start) > GoneLimit)
            {
                return StepReport.Failed($"etcd still runs {GoneLimit.TotalMinutes:0} min after it was held back");
            }

            await Task.Delay(Pause, machine.Time, ct);
        }

        return StepReport.Done($"held in {held.HeldPath}, and no etcd runs");
    }

    private byte[] Reason(StepOrder order) => Encoding.UTF8.GetBytes(
        $$"""
        {"at":"{{machine.Time.GetUtcNow():O}}","plan":"{{order.PlanId}}","cause":"{{order.Cause}}"}

        """);

    private async Task TryStopAsync(CancellationToken ct)
    {
        try
        {
            await pods.StopAsync(ContainerLook.Etcd, StopGrace, ct);
        }
        catch (SalvorException)
        {
            // The runtime may be the one that is ill: kubelet, or the end of the process, will do.
        }
    }
}
