using System.Collections.Immutable;
using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Evidence;
using static Salvor.Recovery.Diagnosis.CauseId;
using static Salvor.Recovery.Evidence.Sign;

namespace Salvor.Tests.Recovery.Diagnosis;

/// <summary>
/// Failures that look alike, by the rows of the catalogue: the first cause that is found is the right one.
/// </summary>
public sealed class LookAlikeTests
{
    /// <summary>All that the agent sees while everything is well.</summary>
    private static readonly Observations Well = Of(
        yes:
        [
            KubeletActive, KubeletHealthy, RuntimeResponds, EtcdRuns, EtcdResponds, ApiServerRuns, ApiServerAccepts,
            ApiServerLive, ApiServerReady, EtcdManifestPresent, ApiServerManifestPresent, VolumeMounted, DataPresent,
            DataOurs, DataWhole, CaKeyPresent, ClockProven, RepositoryReachable, BackupVerified,
        ],
        no:
        [
            EtcdCrashLoops, ApiServerCrashLoops, EtcdManifestHeld, ManifestDiffers, ManifestIsSomebodysWork,
            Sign.StrayManifest, KubeadmRuns, Sign.SandboxNameTaken, NoSpaceAlarm, CorruptAlarm, Sign.DiskFull,
            Sign.InodesFull, Sign.DiskStalls, LeafExpired, Sign.CaExpired, NewerTimelineActive,
        ]);

    /// <summary>All that a guard sees while everything is well.</summary>
    private static readonly Observations WellOutside = Of(
        yes:
        [
            ProviderReachable, RepositoryReachable, MachineRuns, EndpointAccepts, EndpointReady, HeartbeatKnown,
            HeartbeatFresh, VolumeAttached, VolumeExists, BackupVerified, PeerSeesReady,
        ],
        no:
        [
            Sign.MachineStopped, Sign.MachineTerminated, InstanceCheckFails, SystemCheckFails, MachineFenced,
        ]);

    /// <summary>What no longer answers when the API is gone, whatever the reason.</summary>
    private static readonly Sign[] ApiGone = [ApiServerRuns, ApiServerAccepts, ApiServerLive, ApiServerReady];

    private static readonly Sign[] EtcdGone = [EtcdRuns, EtcdResponds, .. ApiGone];

    private static readonly Sign[] SeenGone = [EndpointAccepts, EndpointReady, HeartbeatFresh, PeerSeesReady];

    [Fact]
    public void Nothing_is_wrong_when_all_is_well()
    {
        Assert.Empty(Diagnostician.Diagnose(AgentCauses.All, Well));
        Assert.Empty(Diagnostician.Diagnose(GuardCauses.All, WellOutside));
    }

    [Fact]
    public void Stopped_kubelet_is_no_hung_one()
    {
        Expect(KubeletStopped, Well, no: [KubeletActive, KubeletHealthy]);
        Expect(KubeletHung, Well, no: [KubeletHealthy]);
        Expect(RuntimeDown, Well, no: [RuntimeResponds, KubeletHealthy]);
    }

    [Fact]
    public void Full_disk_is_no_damage()
    {
        Expect(CauseId.DiskFull, Well, no: [.. EtcdGone, DataWhole], yes: [Sign.DiskFull, EtcdCrashLoops]);
        Expect(CauseId.InodesFull, Well, no: EtcdGone, yes: [Sign.InodesFull]);
        Expect(DataDamaged, Well, no: [.. EtcdGone, DataWhole], yes: [EtcdCrashLoops]);
    }

    [Fact]
    public void Missing_mount_is_no_loss_of_data()
    {
        Expect(VolumeNotMounted, Well, no: [.. EtcdGone, VolumeMounted, DataPresent]);
        Expect(DataLost, Well, no: [.. EtcdGone, DataPresent]);
        Expect(DataForeign, Well, no: [.. EtcdGone, DataOurs]);
    }

    [Fact]
    public void Damage_is_not_concluded_while_etcd_runs() =>
        Assert.DoesNotContain(DataDamaged, Found(AgentCauses.All, With(Well, no: [DataWhole])));

    [Fact]
    public void Stalling_disk_is_answered_with_patience()
    {
        Expect(CauseId.DiskStalls, Well, no: [ApiServerReady, ApiServerLive], yes: [Sign.DiskStalls]);
        Assert.Empty(AgentCauses.All.Single(cause => cause.Id == CauseId.DiskStalls).Rungs);
        Assert.DoesNotContain(ApiServerHung, Found(
            AgentCauses.All, With(Well, no: [ApiServerReady, ApiServerLive], yes: [Sign.DiskStalls])));
    }

    [Fact]
    public void Expiry_is_not_believed_under_a_wrong_clock()
    {
        Expect(ClockWrong, Well, no: [ClockProven, ApiServerReady], yes: [LeafExpired]);
        Assert.DoesNotContain(CertificateExpired, Found(
            AgentCauses.All, With(Well, no: [ClockProven, ApiServerReady], yes: [LeafExpired])));
        Expect(CertificateExpired, Well, no: [ApiServerReady, KubeletHealthy], yes: [LeafExpired]);
        Expect(CauseId.CaExpired, Well, no: [ApiServerReady], yes: [LeafExpired, Sign.CaExpired]);
        Assert.DoesNotContain(CertificateExpired, Found(
            AgentCauses.All, With(Well, no: [ApiServerReady], yes: [LeafExpired, Sign.CaExpired])));
    }

    [Fact]
    public void Apiserver_that_waits_for_etcd_is_not_what_is_wrong()
    {
        Expect(EtcdDown, Well, no: EtcdGone);
        Expect(ApiServerDown, Well, no: ApiGone);
        Expect(ApiServerHung, Well, no: [ApiServerLive, ApiServerReady]);
    }

    [Fact]
    public void Manifests_that_somebody_works_on_are_left_alone()
    {
        Expect(BadManifest, Well, no: ApiGone, yes: [ManifestDiffers, ApiServerCrashLoops]);
        Expect(ApiServerDown, Well, no: ApiGone, yes: [ManifestDiffers, ManifestIsSomebodysWork]);
        Assert.DoesNotContain(BadManifest, Found(
            AgentCauses.All, With(Well, no: ApiGone, yes: [ManifestDiffers, ManifestIsSomebodysWork])));
        Assert.DoesNotContain(ApiServerManifestMissing, Found(
            AgentCauses.All, With(Well, no: [.. ApiGone, ApiServerManifestPresent], yes: [KubeadmRuns])));
        Expect(ApiServerManifestMissing, Well, no: [.. ApiGone, ApiServerManifestPresent]);
        Expect(EtcdManifestMissing, Well, no: [.. EtcdGone, EtcdManifestPresent]);
        Expect(CauseId.StrayManifest, Well, no: [ApiServerReady], yes: [Sign.StrayManifest]);
        Expect(CauseId.SandboxNameTaken, Well, no: ApiGone, yes: [Sign.SandboxNameTaken]);
    }

    [Fact]
    public void Held_manifest_is_put_back_only_onto_good_data_of_this_timeline()
    {
        Sign[] held = [.. EtcdGone, EtcdManifestPresent];
        Expect(EtcdHeld, Well, no: held, yes: [EtcdManifestHeld]);
        Expect(DataLost, Well, no: [.. held, DataPresent], yes: [EtcdManifestHeld]);
        Expect(NewerTimeline, Well, no: [], yes: [NewerTimelineActive]);
        foreach (var newer in new[] { Truth.Yes, Truth.Unknown })
        {
            Assert.DoesNotContain(EtcdHeld, Found(AgentCauses.All,
                With(Well, no: held, yes: [EtcdManifestHeld]).With(NewerTimelineActive, newer)));
        }
    }

    [Fact]
    public void Quota_is_no_corruption()
    {
        Expect(EtcdNoSpace, Well, no: [], yes: [NoSpaceAlarm]);
        Expect(EtcdCorrupt, Well, no: [], yes: [NoSpaceAlarm, CorruptAlarm]);
    }

    [Fact]
    public void Hung_machine_is_no_failed_host()
    {
        ExpectOutside(MachineHung, no: SeenGone, yes: [InstanceCheckFails]);
        ExpectOutside(HostFailed, no: SeenGone, yes: [InstanceCheckFails, SystemCheckFails]);
        ExpectOutside(MachineSilent, no: SeenGone);
    }

    [Fact]
    public void Stopped_machine_is_no_terminated_one()
    {
        ExpectOutside(CauseId.MachineStopped, no: [.. SeenGone, MachineRuns], yes: [Sign.MachineStopped]);
        ExpectOutside(CauseId.MachineTerminated, no: [.. SeenGone, MachineRuns], yes: [Sign.MachineTerminated]);
    }

    [Fact]
    public void Detached_volume_is_no_lost_one()
    {
        ExpectOutside(VolumeDetached, no: [EndpointReady, PeerSeesReady, VolumeAttached]);
        ExpectOutside(VolumeLost, no: [EndpointReady, PeerSeesReady, VolumeAttached, VolumeExists]);
    }

    [Fact]
    public void Who_is_cut_off_does_not_take_the_others_for_dead()
    {
        ExpectOutside(CutOff, no: [EndpointAccepts, EndpointReady, PeerSeesReady]);
        Assert.Empty(Found(GuardCauses.All, With(WellOutside, no: [EndpointAccepts, EndpointReady, HeartbeatFresh])));
        var alone = Of(yes: [], no: [ProviderReachable, RepositoryReachable, EndpointAccepts, EndpointReady]);
        Assert.Empty(Found(GuardCauses.All, alone));
    }

    [Fact]
    public void Machine_that_may_be_fenced_is_not_started()
    {
        var stopped = With(WellOutside, no: [.. SeenGone, MachineRuns], yes: [Sign.MachineStopped]);

        Assert.Empty(Found(GuardCauses.All, stopped.With(MachineFenced, Truth.Yes)));
        Assert.Empty(Found(GuardCauses.All, stopped.With(MachineFenced, Truth.Unknown)));
    }

    private static void Expect(CauseId cause, Observations well, Sign[] no, Sign[]? yes = null)
    {
        var found = Found(AgentCauses.All, With(well, no, yes));
        Assert.NotEmpty(found);
        Assert.Equal(cause, found[0]);
    }

    private static void ExpectOutside(CauseId cause, Sign[] no, Sign[]? yes = null) =>
        Assert.Equal([cause], Found(GuardCauses.All, With(WellOutside, no, yes)));

    private static CauseId[] Found(ImmutableArray<Cause> table, Observations seen) =>
        [.. Diagnostician.Diagnose(table, seen).Select(finding => finding.Cause.Id)];

    private static Observations Of(Sign[] yes, Sign[] no) => With(Observations.None, no, yes);

    private static Observations With(Observations seen, Sign[] no, Sign[]? yes = null)
    {
        seen = no.Aggregate(seen, (look, sign) => look.With(sign, isSo: false));
        return (yes ?? []).Aggregate(seen, (look, sign) => look.With(sign, isSo: true));
    }
}
