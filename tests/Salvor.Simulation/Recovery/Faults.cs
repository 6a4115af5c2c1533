using Salvor.Simulation.Recovery.Model;

namespace Salvor.Simulation.Recovery;

/// <summary>Breaks things. What only people mend is mended by them after some minutes.</summary>
internal sealed class Faults(Scene scene)
{
    private readonly List<(TimeSpan At, Action Mend)> _mending = [];

    private Region Region => scene.Region;

    /// <summary>Whether a fault can happen to a control plane as it is now.</summary>
    public bool Suits(Fault fault)
    {
        var machine = Region.Current;
        return fault switch
        {
            Fault.ZoneCut => machine is { Zone: 0, IsUp: true },
            Fault.Terminated => machine.Power is Power.Running or Power.Off,
            Fault.VolumeLost or Fault.VolumeDetached => machine is { IsUp: true, Volume.Exists: true },
            // Not in the seconds between a look at the data and what is done for it: nothing can be done about those.
            Fault.DataGone or Fault.DataDamaged or Fault.DataForeign => machine is
            { IsUp: true, HasGoodData: true, EtcdRuns: true },
            Fault.EtcdManifestGone or Fault.HeldForNothing => machine is
            { IsUp: true, EtcdManifest: true, HasGoodData: true },
            Fault.NoSpace or Fault.Corrupt => machine is { IsUp: true, EtcdRuns: true },
            _ => machine.IsUp,
        };
    }

    public void Break(Fault fault)
    {
        var machine = Region.Current;
        Region.Say($"*** {fault} on {machine.Name}");
        if (!BreakProcess(fault, machine) && !BreakDisk(fault, machine))
        {
            BreakMachine(fault, machine);
        }

        machine.Tick(scene.Random);
        Region.Changed();
    }

    /// <summary>Mends all that people mend, now.</summary>
    public void MendAll()
    {
        foreach (var (_, mend) in _mending)
        {
            mend();
        }

        _mending.Clear();
        Region.Changed();
    }

    private bool BreakProcess(Fault fault, Machine machine)
    {
        switch (fault)
        {
            case Fault.KubeletStopped:
                machine.KubeletActive = false;
                return true;
            case Fault.KubeletHung:
                machine.KubeletHung = true;
                return true;
            case Fault.RuntimeDown:
                machine.RuntimeUp = false;
                return true;
            case Fault.EtcdExited:
                machine.EtcdExited = true;
                return true;
            case Fault.EtcdStuck:
                machine.EtcdStuck = true;
                return true;
            case Fault.ApiServerExited:
                machine.ApiExited = true;
                return true;
            case Fault.ApiServerStuck:
                machine.ApiStuck = true;
                return true;
            case Fault.ApiServerHung:
                machine.ApiHung = true;
                return true;
            case Fault.HeldForNothing:
                (machine.EtcdManifest, machine.EtcdHeld) = (false, true);
                return true;
            case Fault.EtcdManifestGone:
                machine.EtcdManifest = false;
                return true;
            case Fault.ApiServerManifestGone:
                machine.ApiManifest = false;
                return true;
            case Fault.StrayManifest:
                machine.Stray = true;
                return true;
            case Fault.BadManifest:
                machine.BadManifest = true;
                return true;
            case Fault.SandboxTaken:
                machine.SandboxTaken = true;
                return true;
            case Fault.LeafExpired:
                machine.LeafExpired = true;
                return true;
            case Fault.NotReady:
                machine.NotReady = true;
                MendLater(12, 15, () => machine.NotReady = false);
                return true;
            default:
                return false;
        }
    }

    private bool BreakDisk(Fault fault, Machine machine)
    {
        switch (fault)
        {
            case Fault.DiskFull:
                machine.DiskFull = true;
                return true;
            case Fault.InodesFull:
                machine.InodesFull = true;
                MendLater(4, 12, () => machine.InodesFull = false);
                return true;
            case Fault.DiskStalls:
                machine.DiskStalls = true;
                MendLater(2, 12, () => machine.DiskStalls = false);
                return true;
            case Fault.NoSpace:
                machine.NoSpace = true;
                return true;
            case Fault.Corrupt:
                machine.Corrupt = true;
                MendLater(4, 12, () => machine.Corrupt = false);
                return true;
            case Fault.Unmounted:
                machine.IsMounted = false;
                return true;
            case Fault.DataGone:
                machine.Volume!.Data = VolumeData.Gone;
                return true;
            case Fault.DataDamaged:
                machine.Volume!.Data = VolumeData.Damaged;
                return true;
            case Fault.DataForeign:
                var volume = machine.Volume!;
                volume.Data = VolumeData.Foreign;
                MendLater(4, 12, () => volume.Data =
                    volume.Data == VolumeData.Foreign ? VolumeData.Whole : volume.Data);
                return true;
            case Fault.VolumeLost:
                machine.Volume!.Exists = false;
                return true;
            case Fault.VolumeDetached:
                Region.Detached[machine] = machine.Volume!;
                machine.Volume = null;
                machine.IsMounted = false;
                return true;
            default:
                return false;
        }
    }

    private void BreakMachine(Fault fault, Machine machine)
    {
        switch (fault)
        {
            case Fault.ClockWrong:
                machine.ClockWrong = true;
                MendLater(8, 12, () => machine.ClockWrong = false);
                break;
            case Fault.CaExpired:
                machine.CaExpired = true;
                MendLater(4, 12, () => machine.CaExpired = false);
                break;
            case Fault.Terminated:
                machine.Power = Power.Terminated;
                machine.Lose();
                machine.Tick(scene.Random);
                Region.Lost?.Invoke(machine);
                break;
            case Fault.Stopped:
                machine.Power = Power.Stopping;
                machine.PowerChanges = Region.Now + TimeSpan.FromSeconds(10);
                break;
            case Fault.HostFailed:
                machine.IsHostFailed = machine.IsHung = true;
                Region.Lost?.Invoke(machine);
                break;
            case Fault.Hung or Fault.HungForGood:
                machine.IsHung = true;
                machine.IsHostBad = fault == Fault.HungForGood;
                machine.AlarmsEnabled &= fault == Fault.Hung && scene.Random.Next(4) == 0;
                Region.Lost?.Invoke(machine);
                break;
            case Fault.Silent:
                machine.IsSilent = true;
                break;
            case Fault.ZoneCut:
                Region.Cut(0, 1, isCut: true);
                Region.Cut(0, 2, isCut: true);
                MendLater(60, 80, () =>
                {
                    Region.Cut(0, 1, isCut: false);
                    Region.Cut(0, 2, isCut: false);
                });
                break;
            default:
                throw new InvalidOperationException($"{fault} is not known.");
        }
    }

    private void MendLater(int minutesMin, int minutesMax, Action mend)
    {
        var delay = TimeSpan.FromMinutes(minutesMin + ((minutesMax - minutesMin) * scene.Random.NextDouble()));
        var entry = (Region.Now + delay, mend);
        _mending.Add(entry);
        scene.World.After(delay, () =>
        {
            if (_mending.Remove(entry))
            {
                mend();
                Region.Changed();
            }
        });
    }
}
