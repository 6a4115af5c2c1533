namespace Salvor.Lab.Cluster;

/// <summary>What tells one node of the cluster from another.</summary>
/// <param name="Name">The node's and the machine's name.</param>
/// <param name="Address">Its address in its zone.</param>
/// <param name="EndpointAddress">The elastic address behind the endpoint's name.</param>
/// <param name="PodSubnet">Where its pods get their addresses.</param>
/// <param name="Version">Kubernetes' version, such as <c>v1.20.2</c>.</param>
public sealed record NodeSettings(
    string Name, string Address, string EndpointAddress, string PodSubnet, string Version);
