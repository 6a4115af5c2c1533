using System.Collections.Immutable;
using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Evidence;
using static Salvor.Recovery.Ladder.StepKind;

namespace Salvor.Recovery.Ladder;

/// <summary>Every rung's rule, as docs/operations/recovery.md lists them.</summary>
public static class RungTable
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>What the agent can do on its machine.</summary>
    public static ImmutableArray<RungRule> Agent { get; } =
    [
        new(Rung.StartKubelet, Harm.None, [StartKubelet]),
        new(Rung.RestartKubelet, Harm.Restarts, [RestartKubelet]) { CoolDown = TimeSpan.FromSeconds(60) },
        new(Rung.RemoveExitedContainer, Harm.None, [RemoveExitedContainers]) { CoolDown = TimeSpan.FromSeconds(20) },
        new(Rung.StopHungContainer, Harm.Restarts, [StopApiServer]),
        new(Rung.RemoveSandbox, Harm.None, [RemoveStaleSandboxes]),
        new(Rung.QuarantineStray, Harm.Restarts, [QuarantineStrays]),
        new(Rung.PutBackManifest, Harm.Restarts, [PutBackManifests]) { Budget = 2 },
        new(Rung.ReleaseEtcd, Harm.None, [StepKind.ReleaseEtcd, RestartKubelet, AwaitReady])
        {
            LookBefore = [StepKind.ReleaseEtcd],
        },
        new(Rung.MountVolume, Harm.None, [StepKind.MountVolume]),
        new(Rung.FreeSpace, Harm.None, [ReleaseReserve]) { Budget = 2, BudgetWindow = Day },
        new(Rung.RenewCertificates, Harm.Restarts, [StepKind.RenewCertificates, RestartKubelet])
        {
            Budget = 2,
            BudgetWindow = Day,
            CoolDown = TimeSpan.FromMinutes(2),
        },
        new(Rung.RestartRuntime, Harm.Restarts, [StepKind.RestartRuntime]) { CoolDown = TimeSpan.FromSeconds(60) },
        new(Rung.ClearNoSpace, Harm.Restarts, [BackUp, CompactAndDisarm])
        {
            Budget = 2,
            CoolDown = TimeSpan.FromMinutes(2),
        },
        new(Rung.RecoverData, Harm.Data,
            [
                HoldEtcd, ChooseSource, PutDataInPlace, BeginTimeline, StepKind.ReleaseEtcd,
                // What an apiserver remembers of the lost future must not outlive it. kubelet comes after it: anew, it
                // waits for neither of the two, while the old one lets what has failed wait for minutes.
                StopApiServer, RestartKubelet, AwaitReady,
            ])
        {
            Budget = 2,
            BudgetWindow = Day,
            CoolDown = TimeSpan.FromMinutes(5),
            NoReturnFrom = PutDataInPlace,
            LookBefore = [HoldEtcd],
            Needs = [(StepKind.ReleaseEtcd, Clue.Not(Sign.NewerTimelineActive))],
            // Not undone: what was held is let go by a cause of its own, once data and timeline are proven good.
        },
        new(Rung.StandDown, Harm.Fences, [StepKind.StandDown])
        {
            Budget = 20, // One that comes back is told each time.
            LookBefore = [StepKind.StandDown],
        },
    ];

    /// <summary>What a guard can do from outside.</summary>
    public static ImmutableArray<RungRule> Guard { get; } =
    [
        new(Rung.StartMachine, Harm.None, [StartMachine, AwaitMachine, EnableAlarms])
        {
            Budget = 3,
            CoolDown = TimeSpan.FromMinutes(5),
            LookBefore = [StartMachine],
        },
        new(Rung.Reboot, Harm.Power, [DisableAlarms, RebootMachine, AwaitMachine, EnableAlarms])
        {
            Budget = 2,
            CoolDown = TimeSpan.FromMinutes(5),
            NoReturnFrom = RebootMachine,
            LookBefore = [RebootMachine],
            Undo = [(DisableAlarms, EnableAlarms)],
        },
        new(Rung.StopStart, Harm.Power,
            [DisableAlarms, VerifyBackup, StopMachine, ConfirmStopped, StartMachine, AwaitMachine, EnableAlarms])
        {
            Budget = 2,
            BudgetWindow = Day,
            CoolDown = TimeSpan.FromMinutes(10),
            NoReturnFrom = StopMachine,
            LookBefore = [StopMachine],
            Undo = [(DisableAlarms, EnableAlarms)],
        },
        new(Rung.ReattachVolume, Harm.Data, [DisableAlarms, AttachVolume, AwaitMachine, EnableAlarms])
        {
            Mode = RecoveryMode.Approve,
            Budget = 2,
            BudgetWindow = Day,
            LookBefore = [AttachVolume],
            Undo = [(DisableAlarms, EnableAlarms)],
        },
        new(Rung.RebuildVolume, Harm.Data,
            [DisableAlarms, VerifyBackup, StepKind.RebuildVolume, AwaitMachine, EnableAlarms])
        {
            Mode = RecoveryMode.Approve,
            Budget = 1,
            BudgetWindow = Day,
            NoReturnFrom = StepKind.RebuildVolume,
            LookBefore = [StepKind.RebuildVolume],
            Undo = [(DisableAlarms, EnableAlarms)],
        },
        new(Rung.Reprovision, Harm.Fences,
            [
                ClaimTimeline, VerifyBackup, DisableAlarms, FenceMachine, StopMachine, ConfirmStopped, ActivateTimeline,
                LaunchMachine, RestoreOnMachine, StartIsolated, MoveEndpoint, CleanStaleObjects, ReleaseControllers,
                AwaitMachine, EnableAlarms,
            ])
        {
            Mode = RecoveryMode.Approve,
            Budget = 1,
            BudgetWindow = Day,
            CoolDown = TimeSpan.FromMinutes(30),
            NoReturnFrom = ActivateTimeline,
            LookBefore = [FenceMachine, StopMachine],
            Undo =
            [
                (FenceMachine, UnfenceMachine), (StopMachine, StartMachine), (DisableAlarms, EnableAlarms),
                (ClaimTimeline, WithdrawClaim),
            ],
        },
    ];

    public static RungRule Find(ImmutableArray<RungRule> table, Rung rung) => table.First(rule => rule.Rung == rung);
}
