using System.Collections.Immutable;

namespace Salvor.Recovery.OnMachine.Manifests;

/// <summary>A static pod of kubeadm's control plane.</summary>
/// <param name="Name">Of the pod, of its container, and of its manifest's file.</param>
/// <param name="IsVital">Whether the API can't be ready without it.</param>
/// <param name="Ports">Those that its program takes where no flag says otherwise.</param>
public sealed record ControlPlanePod(string Name, bool IsVital, ImmutableArray<int> Ports)
{
    public static readonly ControlPlanePod Etcd = new("etcd", IsVital: true, [2379, 2380]);

    public static readonly ControlPlanePod ApiServer = new("kube-apiserver", IsVital: true, [6443]);

    public static readonly ImmutableArray<ControlPlanePod> All =
    [
        Etcd, ApiServer, new("kube-controller-manager", IsVital: false, [10257]),
        new("kube-scheduler", IsVital: false, [10259]),
    ];

    public string FileName => Name + ".yaml";
}
