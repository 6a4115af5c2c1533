namespace Salvor.Recovery.Ladder;

/// <summary>What can be done about a cause, least harmful first. Stable: journaled, and a metric's label.</summary>
public enum Rung
{
    StartKubelet,
    RestartKubelet,
    RemoveExitedContainer,
    StopHungContainer,
    RemoveSandbox,
    QuarantineStray,
    PutBackManifest,
    ReleaseEtcd,
    MountVolume,
    FreeSpace,
    RenewCertificates,
    RestartRuntime,
    ClearNoSpace,
    RecoverData,
    StandDown,
    StartMachine,
    Reboot,
    StopStart,
    ReattachVolume,
    RebuildVolume,
    Reprovision,
}
