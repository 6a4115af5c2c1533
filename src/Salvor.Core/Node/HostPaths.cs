using YamlDotNet.RepresentationModel;

namespace Salvor.Node;

/// <summary>Where on the machine the paths of a container are, by its hostPath volumes.</summary>
internal sealed class HostPaths
{
    private readonly List<(string InContainer, string OnHost)> _mounts;

    private HostPaths(List<(string InContainer, string OnHost)> mounts) => _mounts = mounts;

    public static HostPaths Of(YamlNode? podSpec, YamlNode container)
    {
        var volumes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var volume in podSpec.Items("volumes"))
        {
            if (volume.Text("name") is { } name && volume.Map("hostPath").Text("path") is { } path)
            {
                volumes[name] = path;
            }
        }

        var mounts = new List<(string InContainer, string OnHost)>();
        foreach (var mount in container.Items("volumeMounts"))
        {
            if (mount.Text("mountPath") is { } inside && mount.Text("name") is { } name
                && volumes.TryGetValue(name, out var onHost))
            {
                var subPath = mount.Text("subPath");
                mounts.Add((inside.TrimEnd('/'), subPath is null ? onHost : Path.Combine(onHost, subPath)));
            }
        }

        return new HostPaths(mounts);
    }

    /// <summary>The path on the machine; the path itself where no volume holds it.</summary>
    public string? Map(string? inContainer) =>
        inContainer is null ? null : MapMounted(inContainer) ?? inContainer;

    /// <summary>The path on the machine; null where no volume holds it, so that it is in the image.</summary>
    public string? MapMounted(string inContainer)
    {
        var best = (InContainer: "", OnHost: "");
        foreach (var mount in _mounts)
        {
            if (Holds(mount.InContainer, inContainer)
                && mount.InContainer.Length >= best.InContainer.Length)
            {
                best = mount;
            }
        }

        return best.OnHost.Length == 0
            ? null
            : best.OnHost.TrimEnd('/') + inContainer[best.InContainer.Length..];
    }

    internal static bool Holds(string directory, string path) =>
        path == directory || (path.StartsWith(directory, StringComparison.Ordinal) && path[directory.Length] == '/');
}
