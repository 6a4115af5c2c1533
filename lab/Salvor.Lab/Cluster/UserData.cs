using System.Text;

namespace Salvor.Lab.Cluster;

/// <summary>What the cluster's machines run at their first boot.</summary>
public static class UserData
{
    /// <summary>The name by which workers and kubelets know the API, in whichever zone it is.</summary>
    public const string Endpoint = "api.lab.internal";

    /// <summary>The secret of the machines that join. A lab has nothing to protect.</summary>
    private const string Token = "abcdef.0123456789abcdef";

    public static byte[] OfControlPlane(NodeSettings settings) => Compose(settings, "control-plane.sh");

    public static byte[] OfWorker(NodeSettings settings) => Compose(settings, "worker.sh");

    private static byte[] Compose(NodeSettings settings, string role)
    {
        var script = $"""
            #!/bin/bash
            NAME={settings.Name} ADDRESS={settings.Address} ENDPOINT={Endpoint}
            ENDPOINT_ADDRESS={settings.EndpointAddress} TOKEN={Token} VERSION={settings.Version}
            POD_SUBNET={settings.PodSubnet}

            """ + Read("node.sh") + Read(role);
        return Encoding.UTF8.GetBytes(script);
    }

    /// <summary>The text of a file of this folder.</summary>
    public static string Read(string file) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Cluster", file));
}
