namespace Salvor.Recovery.Gate;

/// <summary>Where etcd's manifest is.</summary>
public enum ManifestPlace
{
    /// <summary>Where kubelet finds it.</summary>
    InPlace,

    /// <summary>Aside: kubelet starts no etcd.</summary>
    Held,

    /// <summary>In neither place, as on a worker.</summary>
    Missing,
}
