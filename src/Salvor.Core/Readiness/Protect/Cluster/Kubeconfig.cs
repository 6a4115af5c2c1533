using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Salvor.Errors;
using Salvor.Node;
using Salvor.Readiness.Protect.Machine;
using YamlDotNet.RepresentationModel;
using YamlDocument = Salvor.Node.YamlDocument;

namespace Salvor.Readiness.Protect.Cluster;

/// <summary>
/// Where the API server is and what opens it, by a kubeconfig with a client certificate, as kubeadm's are.
/// </summary>
public sealed class Kubeconfig : IDisposable
{
    /// <summary>The administrator's, as kubeadm writes it.</summary>
    public const string DefaultPath = "/etc/kubernetes/admin.conf";

    private Kubeconfig(string path, Uri server, X509Certificate2Collection authorities, X509Certificate2 client)
    {
        Path = path;
        Server = server;
        Authorities = authorities;
        Client = client;
    }

    public string Path { get; }

    public Uri Server { get; }

    /// <summary>The signers of the server's certificate.</summary>
    public X509Certificate2Collection Authorities { get; }

    public X509Certificate2 Client { get; }

    /// <returns>Null when there is no such file.</returns>
    /// <exception cref="SalvorException">It is no kubeconfig with a client certificate.</exception>
    public static Kubeconfig? TryLoad(NodeFiles machine, string path)
    {
        if (machine.TryRead(path) is not { } file)
        {
            return null;
        }

        var root = YamlDocument.Parse(file.Path, file.Text);
        var context = Named(root, "contexts", root.Text("current-context")).Map("context");
        var cluster = Named(root, "clusters", context.Text("cluster")).Map("cluster");
        var user = Named(root, "users", context.Text("user")).Map("user");
        if (!Uri.TryCreate(cluster.Text("server"), UriKind.Absolute, out var server)
            || server.Scheme != Uri.UriSchemeHttps)
        {
            throw Bad(file.Path, "names no https server for its current context", inner: null);
        }

        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPem(Pem(machine, file.Path, cluster, "certificate-authority"));
            var client = X509Certificate2.CreateFromPem(
                Pem(machine, file.Path, user, "client-certificate"), Pem(machine, file.Path, user, "client-key"));
            return new Kubeconfig(file.Path, server, authorities, client);
        }
        catch (Exception e) when (e is CryptographicException or FormatException or ArgumentException)
        {
            throw Bad(file.Path, "holds a certificate or key that can't be read", e);
        }
    }

    public void Dispose() => Client.Dispose();

    private static YamlNode? Named(YamlNode root, string list, string? name) =>
        root.Items(list).FirstOrDefault(item => name is not null && item.Text("name") == name);

    /// <summary>PEM beside the key as base64, or in a file that it names.</summary>
    private static string Pem(NodeFiles machine, string path, YamlNode? node, string key)
    {
        if (node.Text(key + "-data") is { } data)
        {
            return System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(data));
        }

        return node.Text(key) is { } file && machine.TryRead(file) is { } found
            ? found.Text
            : throw Bad(path, $"has no {key} for its current context", inner: null);
    }

    private static SalvorException Bad(string path, string why, Exception? inner) =>
        new(ErrorCode.WrongKind, $"{path} {why}.", inner)
        {
            Hint = $"Name a kubeconfig of an administrator with --kubeconfig; kubeadm's is {DefaultPath}.",
        };
}
