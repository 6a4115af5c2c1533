using Salvor.Recovery.Engine;

namespace Salvor.Simulation.Recovery.Model;

/// <summary>
/// A control plane's machine as it really is, and what its kubelet makes of it from one tick to the next.
/// </summary>
internal sealed class Machine(string name, int zone, Volume? volume)
{
    public string Name => name;

    public int Zone => zone;

    public Power Power { get; set; } = Power.Running;

    /// <summary>When its power goes on to the next state by itself.</summary>
    public TimeSpan PowerChanges { get; set; }

    public bool IsHung { get; set; }

    /// <summary>A reboot does not help: only another host does.</summary>
    public bool IsHostBad { get; set; }

    public bool IsHostFailed { get; set; }

    /// <summary>Its network is gone until it is rebooted.</summary>
    public bool IsSilent { get; set; }

    public bool KubeletActive { get; set; } = true;

    public bool KubeletHung { get; set; }

    public bool RuntimeUp { get; set; } = true;

    public bool DiskFull { get; set; }

    public bool InodesFull { get; set; }

    public bool DiskStalls { get; set; }

    public bool ClockWrong { get; set; }

    public bool LeafExpired { get; set; }

    public bool CaExpired { get; set; }

    public bool EtcdManifest { get; set; } = true;

    public bool EtcdHeld { get; set; }

    public bool ApiManifest { get; set; } = true;

    public bool BadManifest { get; set; }

    public bool Stray { get; set; }

    public bool SandboxTaken { get; set; }

    public bool KubeadmRuns { get; set; }

    public bool EtcdRuns { get; set; } = true;

    public bool EtcdExited { get; set; }

    /// <summary>Only a restart of kubelet helps.</summary>
    public bool EtcdStuck { get; set; }

    public bool ApiRuns { get; set; } = true;

    public bool ApiExited { get; set; }

    public bool ApiStuck { get; set; }

    public bool ApiHung { get; set; }

    public bool NotReady { get; set; }

    public bool NoSpace { get; set; }

    public bool Corrupt { get; set; }

    public Volume? Volume { get; set; } = volume;

    public bool IsMounted { get; set; } = true;

    /// <summary>The timeline of its data, as its own disk tells once the volume is away.</summary>
    public int Stamp { get; set; } = 1;

    public int OwnTimeline => Volume is { Timeline: > 0 } mounted ? mounted.Timeline : Stamp;

    /// <summary>The agent's journal, on the machine's own disk.</summary>
    public List<JournalEntry> Journal { get; } = [];

    /// <summary>How often it was booted.</summary>
    public int Boots { get; private set; }

    public bool IsFenced { get; set; }

    /// <summary>
    /// It was started after another one took its place, and its gate did not reach the store: it lets good data start.
    /// Its agent has to stand it down, and ships nothing until then.
    /// </summary>
    public bool IsBlind { get; set; }

    /// <summary>For how long it was active since, while the store would have told it.</summary>
    public TimeSpan KnewBetter { get; set; }

    public bool AlarmsEnabled { get; set; } = true;

    public bool IsUp => Power == Power.Running && !IsHung;

    /// <summary>etcd and apiserver run: a control plane that may answer, if not at this instant.</summary>
    public bool IsActive => Power is Power.Running or Power.Stopping && EtcdRuns && ApiRuns;

    public bool IsServing => IsUp && EtcdRuns && ApiRuns && !ApiHung && !LeafExpired && !CaExpired && !NotReady
        && !DiskStalls && !InodesFull;

    /// <summary>Whether etcd's data is mounted, whole and the cluster's.</summary>
    public bool HasGoodData =>
        IsMounted && Volume is { Exists: true, Data: VolumeData.Whole };

    /// <summary>Nothing at all is wrong with it.</summary>
    public bool IsSound => IsServing && KubeletActive && !KubeletHung && RuntimeUp && !DiskFull && !ClockWrong
        && EtcdManifest && !EtcdHeld && ApiManifest && !BadManifest && !Stray && !SandboxTaken && !NoSpace && !Corrupt
        && HasGoodData && !IsHostFailed && !IsHostBad && !IsSilent && !IsFenced && !KubeadmRuns;

    private bool KubeletActs => IsUp && KubeletActive && !KubeletHung && RuntimeUp && !DiskStalls;

    /// <summary>What happens by itself in a tick.</summary>
    public void Tick(Random random)
    {
        if (!IsUp)
        {
            if (Power != Power.Running && Power != Power.Stopping)
            {
                EtcdRuns = ApiRuns = false;
            }

            return;
        }

        if (!HasGoodData || DiskFull || (EtcdExited || EtcdStuck) || (KubeletActs && !EtcdManifest))
        {
            EtcdRuns = false;
        }
        else if (KubeletActs && EtcdManifest && !EtcdRuns && random.Next(3) == 0)
        {
            EtcdRuns = true;
        }

        // Without etcd the apiserver's container ends again and again; it is up at times.
        if (!EtcdRuns || ApiExited || ApiStuck || SandboxTaken || BadManifest || Stray || (KubeletActs && !ApiManifest))
        {
            ApiRuns = false;
        }
        else if (KubeletActs && ApiManifest && !ApiRuns && random.Next(3) == 0)
        {
            ApiRuns = true;
            ApiHung = false;
        }
    }

    /// <summary>The power is off, or goes through a reset: all processes are gone.</summary>
    public void Lose()
    {
        EtcdRuns = ApiRuns = ApiHung = KubeadmRuns = NotReady = IsSilent = false;
        IsHung = IsHostBad || IsHostFailed;
    }

    /// <summary>The machine is up, and the gate has looked before kubelet starts.</summary>
    public void Boot(bool isGateClosed, Random random)
    {
        Lose();
        Boots++;
        KubeletActive = true;
        KubeletHung = EtcdExited = EtcdStuck = ApiExited = ApiStuck = DiskStalls = false;
        RuntimeUp = true;
        IsMounted = Volume is { Exists: true };
        SandboxTaken |= random.Next(10) == 0;
        if (isGateClosed && EtcdManifest)
        {
            (EtcdManifest, EtcdHeld) = (false, true);
        }
    }

    /// <summary>Kubelet starts anew, and looks at all of its pods.</summary>
    public void RestartKubelet()
    {
        KubeletActive = true;
        KubeletHung = EtcdExited = EtcdStuck = ApiExited = ApiStuck = false;
    }
}
