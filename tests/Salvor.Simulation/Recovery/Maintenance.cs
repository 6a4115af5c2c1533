using Salvor.Simulation.Recovery.Model;

namespace Salvor.Simulation.Recovery;

/// <summary>What people and kubelet do on a healthy cluster: restarts, upgrades, reboots that are announced.</summary>
internal sealed class Maintenance(Scene scene, List<GuardProcess> guards, Dictionary<Machine, AgentProcess> agents)
{
    private Region Region => scene.Region;

    private Random Random => scene.Random;

    public void Start() => Next();

    private void Next()
    {
        var gap = scene.Options.IsOnlyNoise ? 3600 : 7200;
        scene.World.After(TimeSpan.FromSeconds(600 + Random.Next(gap)), () =>
        {
            if (Region.IsHealthy)
            {
                Do(Region.Current);
                Region.Changed();
            }

            Next();
        });
    }

    private void Do(Machine machine)
    {
        switch (Random.Next(4))
        {
            case 0:
                Region.Say("somebody restarts kubelet");
                machine.KubeletActive = false;
                scene.World.After(TimeSpan.FromSeconds(1 + Random.Next(3)), () => machine.KubeletActive = true);
                break;
            case 1:
                Region.Say("the apiserver restarts");
                machine.ApiRuns = false;
                break;
            case 2:
                Upgrade(machine);
                break;
            default:
                Region.Say("somebody reboots the machine, and says so");
                agents.GetValueOrDefault(machine)?.Announce(TimeSpan.FromMinutes(10));
                guards.ForEach(guard => guard.Announce(TimeSpan.FromMinutes(10)));
                scene.World.After(TimeSpan.FromSeconds(20), () =>
                {
                    if (machine.IsUp)
                    {
                        Region.Reset(machine);
                    }
                });
                break;
        }
    }

    /// <summary>kubeadm replaces one manifest after the other.</summary>
    private void Upgrade(Machine machine)
    {
        Region.Say("somebody upgrades with kubeadm");
        var boots = machine.Boots;
        machine.KubeadmRuns = true;
        After(30, () => (machine.EtcdManifest, machine.EtcdRuns) = (false, false));
        After(50, () => machine.EtcdManifest = true);
        After(90, () => (machine.ApiManifest, machine.ApiRuns) = (false, false));
        After(110, () => machine.ApiManifest = true);
        After(200, () => machine.KubeadmRuns = false);

        void After(int seconds, Action work) => scene.World.After(TimeSpan.FromSeconds(seconds), () =>
        {
            if (machine.KubeadmRuns && machine.Boots == boots)
            {
                work();
                Region.Changed();
            }
        });
    }
}
