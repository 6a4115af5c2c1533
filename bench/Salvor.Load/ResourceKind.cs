namespace Salvor.Load;

/// <summary>
/// A kind of Kubernetes object: where apiserver keeps it, how common it is, and how large beside the mean.
/// </summary>
/// <param name="Path">The part of the key after /registry/.</param>
/// <param name="ApiVersion">As in the object's type.</param>
/// <param name="Kind">As in the object's type.</param>
/// <param name="Share">Keys of this kind among a hundred.</param>
/// <param name="Weight">Mean size of a value as a multiple of the mean of all.</param>
/// <param name="IsOpaque">Whether the content does not compress, as a secret's.</param>
/// <param name="HasLease">Whether keys of this kind expire, as events do.</param>
public sealed record ResourceKind(
    string Path, string ApiVersion, string Kind, int Share, double Weight, bool IsOpaque = false, bool HasLease = false)
{
    /// <summary>The mix of a small cluster. Shares add up to 100, and weights to a mean of about 1.</summary>
    public static IReadOnlyList<ResourceKind> All { get; } =
    [
        new("pods", "v1", "Pod", 30, 1.6),
        new("events", "v1", "Event", 26, 0.3, HasLease: true),
        new("replicasets", "apps/v1", "ReplicaSet", 12, 0.9),
        new("configmaps", "v1", "ConfigMap", 7, 2.4),
        new("secrets", "v1", "Secret", 7, 1.2, IsOpaque: true),
        new("endpointslices", "discovery.k8s.io/v1", "EndpointSlice", 5, 0.7),
        new("deployments", "apps/v1", "Deployment", 4, 1.3),
        new("serviceaccounts", "v1", "ServiceAccount", 4, 0.2),
        new("services/specs", "v1", "Service", 3, 0.4),
        new("leases", "coordination.k8s.io/v1", "Lease", 2, 0.2),
    ];
}
