using System.Collections.Immutable;

namespace Salvor.Recovery.OnMachine.Certificates;

/// <summary>A file of the control plane that holds a certificate.</summary>
/// <param name="Path">On the machine: PEM, or a kubeconfig with a certificate in it.</param>
/// <param name="IsAuthority">Whether it is an authority's, so that others hang on it.</param>
/// <param name="Components">The static pods that have to start anew when it was changed.</param>
internal sealed record CertificatePlace(string Path, bool IsAuthority, ImmutableArray<string> Components)
{
    /// <summary>The symbolic link that names the file; null where none does.</summary>
    public string? Link { get; init; }

    public bool IsKubeconfig => Path.EndsWith(".conf", StringComparison.Ordinal);

    /// <summary>Where kubeadm puts the key of an authority.</summary>
    public string KeyPath => System.IO.Path.ChangeExtension(Path, ".key");
}
