namespace Salvor.Node.Runtime;

/// <summary>What holds a pod's namespaces, as the runtime knows it.</summary>
/// <param name="Pod">The pod's name, as in "etcd-node1".</param>
public sealed record PodSandbox(string Id, string Pod, string Namespace, bool IsReady, DateTimeOffset Created);
