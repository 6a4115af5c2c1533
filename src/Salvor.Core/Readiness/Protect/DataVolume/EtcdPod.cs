using Salvor.DataDirectory;
using Salvor.Errors;
using Salvor.EtcdClient;
using Salvor.Node;
using Salvor.Readiness.Protect.Machine;

namespace Salvor.Readiness.Protect.DataVolume;

/// <summary>
/// The etcd that kubelet runs by its manifest: stops when that is taken away, starts when it is back.
/// </summary>
public sealed class EtcdPod(NodeFiles machine, string manifestPath, TimeProvider time)
{
    /// <summary>kubelet looks at its manifests every 20 s, and gives a pod 30 s to end.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(5);

    /// <summary>A pod that was just being restarted may come up once more before kubelet knows.</summary>
    private const int QuietPolls = 3;

    /// <summary>How long etcd may take to come up.</summary>
    public TimeSpan StartPatience { get; init; } = StartLimit;

    /// <summary>How long to wait between two looks.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Beside the manifests' directory: kubelet never reads it there, and it is one rename away.</summary>
    public string KeptPath => KeptPathOf(manifestPath);

    /// <inheritdoc cref="KeptPath"/>
    public static string KeptPathOf(string manifestPath) => Path.Combine(
        Path.GetDirectoryName(Path.GetDirectoryName(manifestPath)) ?? "/",
        Path.GetFileName(manifestPath) + ".salvor-kept");

    /// <summary>The manifest, wherever it is now.</summary>
    /// <exception cref="SalvorException">There is none, or it runs no etcd.</exception>
    public EtcdManifest Load() => EtcdManifest.Load(
        machine.FileSystem, machine.PathOf(Has(KeptPath) && !Has(manifestPath) ? KeptPath : manifestPath));

    public void TakeManifestAway()
    {
        if (Has(manifestPath))
        {
            Move(manifestPath, KeptPath);
        }
    }

    /// <summary>Puts the manifest back, unless somebody wrote one meanwhile.</summary>
    public void PutManifestBack()
    {
        if (!Has(manifestPath) && Has(KeptPath))
        {
            Move(KeptPath, manifestPath);
        }
    }

    /// <summary>Returns when no process has the data open, and none has had for a while.</summary>
    public async Task WaitUntilGoneAsync(string dataDirectory, CancellationToken ct)
    {
        var layout = new MemberLayout(machine.PathOf(dataDirectory));
        var start = time.GetTimestamp();
        var quiet = 0;
        while (quiet < QuietPolls)
        {
            quiet = LiveEtcd.FindLock(machine.FileSystem, layout) is null ? quiet + 1 : 0;
            if (quiet == 0 && time.GetElapsedTime(start) > StopLimit)
            {
                throw new SalvorException(ErrorCode.InUse,
                    $"etcd still has {dataDirectory} open, {StopLimit.TotalMinutes} min after its manifest went away.")
                {
                    Hint = "kubelet stops it: see whether that runs (systemctl status kubelet).",
                };
            }

            await Task.Delay(Pause, time, ct);
        }
    }

    /// <summary>Returns when etcd answers and has a leader.</summary>
    public async Task WaitUntilHealthyAsync(CancellationToken ct)
    {
        var start = time.GetTimestamp();
        while (await FailureAsync(ct) is { } failure)
        {
            if (time.GetElapsedTime(start) > StartPatience)
            {
                throw new SalvorException(ErrorCode.EtcdUnreachable,
                    $"etcd did not come up within {StartPatience.TotalSeconds} s: {failure}")
                {
                    Hint = "See what its container says: crictl ps -a --name etcd, crictl logs.",
                };
            }

            await Task.Delay(Pause, time, ct);
        }
    }

    /// <summary>Why etcd can't be worked with now; null where it answers and has a leader.</summary>
    private async Task<string?> FailureAsync(CancellationToken ct)
    {
        try
        {
            return (await AskAsync(ct)).LeaderId == 0 ? "it has no leader." : null;
        }
        catch (SalvorException e)
        {
            return e.Message;
        }
    }

    /// <summary>What etcd says of itself; null where it does not answer.</summary>
    public async Task<MemberStatus?> StatusAsync(CancellationToken ct)
    {
        try
        {
            return await AskAsync(ct);
        }
        catch (SalvorException)
        {
            return null;
        }
    }

    private async Task<MemberStatus> AskAsync(CancellationToken ct)
    {
        var options = Load().ToConnectionOptions(machine.FileSystem) with
        {
            ConnectTimeout = CallLimit,
            CallTimeout = CallLimit,
        };
        using var connection = new EtcdConnection(options, machine.FileSystem, time);
        return await connection.Maintenance.StatusAsync(ct);
    }

    private bool Has(string path) => machine.FileSystem.Stat(machine.PathOf(path)) is not null;

    private void Move(string from, string to)
    {
        machine.FileSystem.Rename(machine.PathOf(from), machine.PathOf(to));
        machine.FileSystem.FlushDirectory(Path.GetDirectoryName(machine.PathOf(to))!);
        machine.FileSystem.FlushDirectory(Path.GetDirectoryName(machine.PathOf(from))!);
    }
}
