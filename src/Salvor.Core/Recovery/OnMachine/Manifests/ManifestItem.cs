using Salvor.Platform;
using Salvor.Readiness.Protect.Machine;

namespace Salvor.Recovery.OnMachine.Manifests;

/// <summary>One pod's manifest as it was just found.</summary>
/// <param name="Pod">Whose.</param>
/// <param name="Path">Where it belongs on the machine.</param>
/// <param name="Status">Of what is there; null for nothing.</param>
/// <param name="File">The text that is there; null where there is none, or no text.</param>
/// <param name="Good">The last good one; null where none is kept.</param>
/// <param name="IsHeld">Whether Salvor holds it back.</param>
internal sealed record ManifestItem(
    ControlPlanePod Pod, string Path, FileStatus? Status, NodeText? File, GoodManifest? Good, bool IsHeld)
{
    public bool IsMissing => Status is null;

    /// <summary>Whether something is there that is another than the last good one.</summary>
    public bool Differs => Status is not null && Good is not null && File?.Text != Good.Text;

    public PodManifest? Parsed => File is null ? null : PodManifest.TryParse(Path, File.Text);
}
