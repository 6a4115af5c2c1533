using Salvor.Errors;
using Salvor.Platform;
using YamlDotNet.RepresentationModel;

namespace Salvor.Node.Kits;

/// <summary>Which files a kubeadm machine's control plane is made of, besides etcd's data.</summary>
/// <remarks>
/// The usual places, whatever static-pod manifests mount or name in flags, and what the kubelet's configuration names.
/// So what an administrator added, such as an audit policy, is found where the component itself finds it.
/// </remarks>
internal sealed class KubeadmFiles(IFileSystem files, string root)
{
    private const string KubeletConfig = "/var/lib/kubelet/config.yaml";
    private const string UsualStaticPods = "/etc/kubernetes/manifests";

    /// <summary>Kubernetes' own, on machines that have them.</summary>
    private static readonly string[] Usual =
    [
        "/etc/kubernetes", KubeletConfig, "/var/lib/kubelet/instance-config.yaml",
        "/var/lib/kubelet/kubeadm-flags.env", "/var/lib/kubelet/pki", "/etc/default/kubelet",
        "/etc/sysconfig/kubelet", "/etc/systemd/system/kubelet.service", "/etc/systemd/system/kubelet.service.d",
        "/usr/lib/systemd/system/kubelet.service", "/usr/lib/systemd/system/kubelet.service.d",
    ];

    /// <summary>Trees that the operating system or another program fills: pods mount them, no kit has them.</summary>
    private static readonly string[] NotOurs =
    [
        "/dev", "/etc/ca-certificates", "/etc/pki", "/etc/ssl", "/lib", "/proc", "/run", "/sys", "/tmp", "/usr",
        "/var/lib/etcd", "/var/log", "/var/run",
    ];

    /// <summary>What a component writes, or looks into without needing anything.</summary>
    private static readonly string[] Outputs = ["audit-log-path", "data-dir", "log-dir", "log-file", "wal-dir"];

    /// <summary>The directory of static pods, if there is one.</summary>
    public string? StaticPods { get; private set; }

    public IReadOnlyList<KitSeed> Find()
    {
        var seeds = Usual.Select(path => new KitSeed(path)).ToList();
        var kubelet = Load(KubeletConfig);
        AddKubelet(kubelet, seeds);
        var pods = kubelet.Text("staticPodPath") ?? UsualStaticPods;
        if (files.Stat(On(pods)) is not { IsDirectory: true })
        {
            return seeds;
        }

        StaticPods = pods.TrimEnd('/');
        seeds.Add(new KitSeed(StaticPods));
        foreach (var name in files.List(On(StaticPods)).Where(name => !name.StartsWith('.')))
        {
            AddPod(name, Load($"{StaticPods}/{name}").Map("spec"), seeds);
        }

        return seeds;
    }

    private string On(string path) => KitCapture.On(root, path);

    /// <summary>A file that can't be read as YAML names nothing; the file itself is in the kit as it is.</summary>
    private YamlMappingNode? Load(string path)
    {
        try
        {
            return files.Stat(On(path)) is { IsFile: true } ? YamlDocument.Load(files, On(path)) : null;
        }
        catch (SalvorException)
        {
            return null;
        }
    }

    private static void AddKubelet(YamlMappingNode? config, List<KitSeed> seeds)
    {
        string?[] named =
        [
            config.Map("authentication").Map("x509").Text("clientCAFile"),
            config.Text("tlsCertFile"), config.Text("tlsPrivateKeyFile"),
        ];
        seeds.AddRange(named.OfType<string>().Where(path => path.StartsWith('/'))
            .Select(path => new KitSeed(path, $"{KubeletConfig} names it")));
    }

    private static void AddPod(string manifest, YamlNode? spec, List<KitSeed> seeds)
    {
        var mounted = spec.Items("volumes").Select(v => v.Map("hostPath").Text("path")).OfType<string>();
        seeds.AddRange(mounted.Where(IsOurs).Select(path => new KitSeed(path)));
        foreach (var container in spec.Items("containers"))
        {
            var paths = HostPaths.Of(spec, container);
            foreach (var (flag, path) in FlagsWithPaths(container))
            {
                if (paths.MapMounted(path) is { } onHost && IsOurs(onHost))
                {
                    seeds.Add(new KitSeed(onHost, $"{manifest} names it in --{flag}"));
                }
            }
        }
    }

    /// <summary>Flags may be given many times, and hold several paths.</summary>
    private static IEnumerable<(string Flag, string Path)> FlagsWithPaths(YamlNode container)
    {
        var flag = "";
        var words = container.Items("command").Concat(container.Items("args")).OfType<YamlScalarNode>();
        foreach (var word in words.Select(node => node.Value ?? ""))
        {
            var value = word;
            if (word.StartsWith('-'))
            {
                var equals = word.IndexOf('=', StringComparison.Ordinal);
                flag = (equals < 0 ? word : word[..equals]).TrimStart('-');
                value = equals < 0 ? "" : word[(equals + 1)..];
            }

            if (flag.Length > 0 && !Outputs.Contains(flag) && !flag.EndsWith("-dir", StringComparison.Ordinal))
            {
                foreach (var path in value.Split(',').Where(part => part.StartsWith('/')))
                {
                    yield return (flag, path.Split(':')[0]); // --tls-sni-cert-key puts names behind a colon.
                }
            }
        }
    }

    private static bool IsOurs(string path) =>
        path.Length > 1 && path[0] == '/'
        && !NotOurs.Any(tree => path == tree || path.StartsWith(tree + "/", StringComparison.Ordinal));
}
