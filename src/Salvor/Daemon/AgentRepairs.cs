using System.Collections.Immutable;
using System.Globalization;
using Salvor.DataDirectory;
using Salvor.EtcdClient;
using Salvor.Node;
using Salvor.Node.Systemd;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Gate;
using Salvor.Recovery.Ladder;
using Salvor.Recovery.OnMachine;
using Salvor.Recovery.OnMachine.Certificates;
using Salvor.Recovery.OnMachine.Disk;
using Salvor.Recovery.OnMachine.Hands;
using Salvor.Recovery.OnMachine.Manifests;
using Salvor.Recovery.OnMachine.Quota;

namespace Salvor.Daemon;

/// <summary>The local repairs as steps of plans.</summary>
internal sealed class AgentRepairs(
    AgentMachine machine, HeldManifest held, PodHands pods, ManifestRepair manifests, CertificateRepair certificates,
    DiskReserve reserve, SystemUnits units)
{
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongCall = TimeSpan.FromMinutes(10);

    public ImmutableDictionary<StepKind, Func<CancellationToken, Task<StepReport>>> Steps(
        Func<CancellationToken, Task<StepReport>> backUp) =>
        new Dictionary<StepKind, Func<CancellationToken, Task<StepReport>>>
        {
            [StepKind.PutBackManifests] = _ => Task.FromResult(manifests.PutBackManifests()),
            [StepKind.QuarantineStrays] = _ => Task.FromResult(manifests.QuarantineStrays()),
            [StepKind.ReleaseReserve] = reserve.ReleaseReserveAsync,
            [StepKind.RenewCertificates] = RenewAsync,
            [StepKind.BackUp] = backUp,
            [StepKind.CompactAndDisarm] = CompactAsync,
            [StepKind.MountVolume] = MountAsync,
        }.ToImmutableDictionary();

    /// <summary>A component reads its certificates when it starts.</summary>
    private async Task<StepReport> RenewAsync(CancellationToken ct)
    {
        var result = certificates.RenewCertificates();
        foreach (var component in result.ComponentsToRestart)
        {
            await pods.StopAsync(component, StopGrace, ct);
        }

        return result.Report;
    }

    private async Task<StepReport> CompactAsync(CancellationToken ct)
    {
        var manifest = EtcdManifest.Load(machine.Files, held.CurrentPath);
        var options = manifest.ToConnectionOptions(machine.Files);
        using var etcd = new EtcdConnection(
            options with { Endpoints = [options.Endpoints[0]], LongCallTimeout = LongCall }, machine.Files,
            machine.Time);
        var quota = long.TryParse(
            manifest.Flags.GetValueOrDefault("quota-backend-bytes"), NumberStyles.None, CultureInfo.InvariantCulture,
            out var bytes) ? bytes : 0;
        var directory = Path.GetDirectoryName(new MemberLayout(manifest.DataDirectory).Database)!;
        return await new QuotaRepair(etcd, directory, quota, machine.Files, machine.Processes, machine.Time)
            .CompactAndDisarmAsync(ct);
    }

    /// <summary>The volume has a mount unit, as protect or fstab make it: systemd knows the way.</summary>
    private async Task<StepReport> MountAsync(CancellationToken ct)
    {
        var directory = new Salvor.Node.Identity.NodeIdentityFile(machine.Files, "/").ReadOrNull()?.Mount?.Point;
        if (directory is null)
        {
            return StepReport.Refused("it is not known where the volume belongs");
        }

        var answer = await machine.Processes.RunAsync("systemd-escape", ["--path", "--suffix=mount", directory],
            TimeSpan.FromSeconds(10), ct);
        if (answer is not { ExitCode: 0 } || answer.Output.Trim() is not { Length: > 0 } unit)
        {
            return StepReport.Refused($"{directory} makes no name of a mount unit");
        }

        await units.RestartAsync(unit, ct);
        return StepReport.Done($"{unit} was started");
    }
}
