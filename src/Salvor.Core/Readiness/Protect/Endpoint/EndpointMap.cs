namespace Salvor.Readiness.Protect.Endpoint;

/// <summary>A ConfigMap that says where the API is.</summary>
/// <param name="Item">The protection's name.</param>
/// <param name="Purpose">What it is good for there.</param>
/// <param name="Space">The ConfigMap's namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Key">Which of its texts.</param>
/// <param name="After">What happens when it is changed.</param>
public sealed record EndpointMap(
    string Item, string Purpose, string Space, string Name, string Key, string After)
{
    public static readonly EndpointMap Kubeadm = new(
        "endpoint-kubeadm", "kubeadm points new nodes at the name, and keeps it in the API server's certificate.",
        "kube-system", "kubeadm-config", "ClusterConfiguration", "nothing restarts");

    public static readonly EndpointMap ClusterInfo = new(
        "endpoint-cluster-info", "Nodes that join find the API by its name.",
        "kube-public", "cluster-info", "kubeconfig", "kube-controller-manager signs it anew for joining nodes");

    public static readonly EndpointMap Proxy = new(
        "endpoint-kube-proxy", "kube-proxy on every node finds the API by its name.",
        "kube-system", "kube-proxy", "kubeconfig.conf",
        "kube-proxy's pods are restarted node by node; the name must resolve on every node")
    {
        DaemonSet = "kube-proxy",
    };

    /// <summary>Whose pods read the text only when they start; null for nobody's.</summary>
    public string? DaemonSet { get; private init; }

    internal string Where => $"{Key} in ConfigMap {Space}/{Name}";

    internal Func<ApiEndpoint, Dictionary<string, string>> WantedFor =>
        this == Kubeadm ? ClusterEndpointText.Wanted : KubeconfigText.Wanted;

    internal IEndpointText Parse(string text) =>
        this == Kubeadm ? new ClusterEndpointText(Where, text) : new KubeconfigText(Where, text);
}
