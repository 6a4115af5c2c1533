namespace Salvor.Recovery.OnMachine.Manifests;

/// <summary>Where static pods' manifests are, and how long people are left alone with them.</summary>
public sealed record ManifestSettings
{
    /// <summary>kubelet's staticPodPath.</summary>
    public string Directory { get; init; } = "/etc/kubernetes/manifests";

    /// <summary>Where manifests are that Salvor holds back from kubelet, under their own names.</summary>
    public string HeldDirectory { get; init; } = "/etc/kubernetes/salvor-held";

    /// <summary>A manifest that was changed within this time is somebody's work.</summary>
    public TimeSpan ChangedLately { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>One that is gone is somebody's work for this long: editors and upgrades put it back at once.</summary>
    public TimeSpan DeletedLately { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How old a manifest must be before a control plane that is well speaks for it: kubelet has long read it by then.
    /// </summary>
    public TimeSpan Proven { get; init; } = TimeSpan.FromMinutes(5);
}
