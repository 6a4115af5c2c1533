using System.Collections.Immutable;
using System.Globalization;
using Salvor.Errors;
using Salvor.Node;
using YamlDotNet.RepresentationModel;
using YamlDocument = Salvor.Node.YamlDocument;

namespace Salvor.Recovery.OnMachine.Manifests;

/// <summary>What a static pod's manifest says, as far as two of them can be in each other's way.</summary>
/// <param name="Namespace">kubelet's own default where it names none.</param>
/// <param name="Name">kubelet appends the node's name.</param>
/// <param name="HostPorts">The machine's ports that it takes.</param>
/// <param name="Images">Of its containers, by their names.</param>
internal sealed record PodManifest(
    string Namespace,
    string Name,
    ImmutableHashSet<int> HostPorts,
    ImmutableDictionary<string, string> Images)
{
    private static readonly ImmutableArray<string> PortFlags = ["port", "secure-port"];
    private static readonly ImmutableArray<string> UrlFlags = ["listen-client-urls", "listen-peer-urls"];

    /// <summary>The pod that a text describes; null where kubelet would start none.</summary>
    public static PodManifest? TryParse(string path, string text)
    {
        YamlMappingNode root;
        try
        {
            root = YamlDocument.Parse(path, text);
        }
        catch (SalvorException)
        {
            return null;
        }

        var containers = root.Map("spec").Items("containers").ToList();
        if (root.Text("kind") != "Pod" || root.Map("metadata").Text("name") is not { Length: > 0 } name
            || containers.Count == 0)
        {
            return null;
        }

        var isOnHost = root.Map("spec").Text("hostNetwork") == "true";
        return new PodManifest(
            root.Map("metadata").Text("namespace") ?? "default",
            name,
            [.. containers.SelectMany(container => PortsOf(container, isOnHost))],
            ImagesOf(containers));
    }

    /// <summary>Whether the two can't run side by side: one pod's name, or one port of the machine.</summary>
    public bool IsInTheWayOf(PodManifest other) =>
        (Name == other.Name && Namespace == other.Namespace) || HostPorts.Overlaps(other.HostPorts);

    private static ImmutableDictionary<string, string> ImagesOf(List<YamlNode> containers)
    {
        var images = ImmutableDictionary.CreateBuilder<string, string>();
        foreach (var container in containers)
        {
            images[container.Text("name") ?? ""] = container.Text("image") ?? "";
        }

        return images.ToImmutable();
    }

    private static IEnumerable<int> PortsOf(YamlNode container, bool isOnHost)
    {
        foreach (var port in container.Items("ports"))
        {
            var number = port.Text("hostPort") ?? (isOnHost ? port.Text("containerPort") : null);
            if (ToPort(number) is { } declared)
            {
                yield return declared;
            }
        }

        if (isOnHost)
        {
            foreach (var port in ListenedOn(container))
            {
                yield return port;
            }
        }
    }

    /// <summary>kubeadm's manifests declare no ports, or only some: the flags name them.</summary>
    private static IEnumerable<int> ListenedOn(YamlNode container)
    {
        var flags = EtcdFlags.Of(container).All;
        var named = PortFlags.Select(flag => ToPort(flags.GetValueOrDefault(flag)))
            .Concat(UrlFlags.SelectMany(flag => (flags.GetValueOrDefault(flag) ?? "").Split(',')).Select(PortOfUrl))
            .OfType<int>().ToList();
        var program = container.Items("command").OfType<YamlScalarNode>().FirstOrDefault()?.Value;
        var known = ControlPlanePod.All.FirstOrDefault(
            pod => pod.Name == Path.GetFileName(program ?? container.Text("name") ?? ""));
        return named.Count == 0 && known is not null ? known.Ports : named;
    }

    private static int? PortOfUrl(string url) =>
        Uri.TryCreate(url.Trim(), UriKind.Absolute, out var parsed) && parsed.Port > 0 ? parsed.Port : null;

    private static int? ToPort(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536
            ? port
            : null;
}
