using System.Diagnostics;
using System.Globalization;
using Salvor.Lab.Host;
using Salvor.Lab.Network;

namespace Salvor.Lab.Store;

/// <summary>An S3 for the machines: moto, in the region's network, in a control group of its own.</summary>
public sealed class RegionStore(LabPaths paths, Fabric fabric, string program)
{
    public const int Port = 9000;
    public const string Bucket = "backups";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ControlGroups _groups = new($"{paths.ControlGroup}/store");

    /// <summary>What machines know it by.</summary>
    public static string Url => string.Create(CultureInfo.InvariantCulture, $"http://{Fabric.ServiceAddress}:{Port}");

    /// <summary>Starts it, and makes the bucket.</summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        _groups.Create();
        // It joins its group before it is anything else, so that no end of the lab leaves it behind.
        const string join = """
            group=$1 namespace=$2 log=$3
            shift 3
            for hierarchy in /sys/fs/cgroup/*/; do echo $$ >"$hierarchy$group/cgroup.procs"; done
            exec nsenter --net="$namespace" "$@" >"$log" 2>&1
            """;
        using var process = Process.Start("setsid",
        [
            "bash", "-c", join, "store", $"{paths.ControlGroup}/store", fabric.NamespaceFile, $"{paths.Run}/store.log",
            program, Port.ToString(CultureInfo.InvariantCulture), Fabric.ServiceAddress,
        ]);
        await Wait.UntilAsync("the object store", BucketAsync, Patience, cancel).ConfigureAwait(false);
    }

    private async Task<bool> BucketAsync(CancellationToken cancel)
    {
        var made = await Tool.TryAsync(
            "nsenter", [$"--net={fabric.NamespaceFile}", "curl", "--silent", "--fail", "--request", "PUT",
                $"{Url}/{Bucket}"], TimeSpan.FromSeconds(5), cancel).ConfigureAwait(false);
        return made.Succeeded;
    }
}
