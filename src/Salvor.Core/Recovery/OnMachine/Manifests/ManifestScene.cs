using System.Collections.Immutable;

namespace Salvor.Recovery.OnMachine.Manifests;

/// <summary>All that was just found of the control plane's manifests.</summary>
/// <param name="Items">One of each pod.</param>
/// <param name="Strays">Files that start a second pod of the control plane, by their paths on the machine.</param>
/// <param name="Work">Why something is a person's work, as a sentence; null where nothing is.</param>
/// <param name="KubeadmRuns">Null where the processes can't be seen.</param>
internal sealed record ManifestScene(
    ImmutableArray<ManifestItem> Items, ImmutableArray<string> Strays, string? Work, bool? KubeadmRuns)
{
    /// <summary>
    /// Whether that passes by itself soon: a manifest that has just gone may be an editor's, and comes back at once.
    /// </summary>
    public bool IsWorkBrief { get; init; }

    public ManifestItem this[ControlPlanePod pod] => Items.First(item => item.Pod == pod);
}
