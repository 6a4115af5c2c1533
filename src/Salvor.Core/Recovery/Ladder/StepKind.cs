namespace Salvor.Recovery.Ladder;

/// <summary>
/// One piece of a plan: idempotent, so that one whose outcome is not known is simply done again. Stable: journaled.
/// </summary>
public enum StepKind
{
    // The agent's.
    StartKubelet,
    RestartKubelet,
    RemoveExitedContainers,
    StopApiServer,
    RemoveStaleSandboxes,
    QuarantineStrays,
    PutBackManifests,
    MountVolume,
    ReleaseReserve,
    RenewCertificates,
    RestartRuntime,

    /// <summary>Moves etcd's manifest aside, and waits until no etcd is left.</summary>
    HoldEtcd,

    /// <summary>Puts etcd's manifest back, so that kubelet starts it.</summary>
    ReleaseEtcd,

    /// <summary>Stores a snapshot, and all changes that wait.</summary>
    BackUp,

    /// <summary>Compacts etcd's history, gives the space back, and takes the alarm away.</summary>
    CompactAndDisarm,

    /// <summary>Chooses the source that loses the least, and says what it loses.</summary>
    ChooseSource,

    /// <summary>Puts the chosen data in place; what was there goes to quarantine.</summary>
    PutDataInPlace,

    /// <summary>Begins the timeline of the data that was put in place.</summary>
    BeginTimeline,

    /// <summary>Takes every manifest of the control plane aside.</summary>
    StandDown,

    /// <summary>Waits until the control plane is well, for as long as that takes on a slow machine.</summary>
    AwaitReady,

    // The guard's.
    DisableAlarms,
    EnableAlarms,
    StartMachine,
    RebootMachine,

    /// <summary>Orders the machine to stop, by force if it must be.</summary>
    StopMachine,

    /// <summary>Proves that the machine is stopped: the provider says "stopped" or "terminated".</summary>
    ConfirmStopped,

    /// <summary>Waits until the machine's checks pass and the endpoint answers.</summary>
    AwaitMachine,

    /// <summary>Proves that the repository holds a verified snapshot of the timeline, and states the loss.</summary>
    VerifyBackup,

    /// <summary>Claims the next timeline in the lease.</summary>
    ClaimTimeline,

    /// <summary>Takes the claim back.</summary>
    WithdrawClaim,

    /// <summary>Tags the old machine, so that nothing starts it again.</summary>
    FenceMachine,

    /// <summary>Takes that tag away, of a machine that is still the control plane.</summary>
    UnfenceMachine,

    /// <summary>Looks once more that the claim stands, and makes it active.</summary>
    ActivateTimeline,
    AttachVolume,
    RebuildVolume,
    LaunchMachine,
    RestoreOnMachine,
    StartIsolated,
    CleanStaleObjects,
    MoveEndpoint,
    ReleaseControllers,
}
