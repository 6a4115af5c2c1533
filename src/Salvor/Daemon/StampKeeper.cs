using Salvor.DataDirectory;
using Salvor.Errors;
using Salvor.EtcdClient;
using Salvor.Formats;
using Salvor.Node;
using Salvor.Node.Identity;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.OnMachine;

namespace Salvor.Daemon;

/// <summary>Keeps the machine's stamp true while etcd is well, so that gate and agent tell foreign data.</summary>
/// <remarks>
/// An etcd of another cluster than the stamp's is stamped only where this machine's own recovery made it, or where the
/// repository's newest timeline is that cluster's: foreign data must not become ours by having run once.
/// </remarks>
internal sealed class StampKeeper(
    AgentMachine machine, AgentParts parts, Func<string, CancellationToken, Task<int?>> timelineOf)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private long? _last;
    private Task _running = Task.CompletedTask;

    public void Note(Observations seen)
    {
        var isDue = _last is not { } then || machine.Time.GetElapsedTime(then) >= Every;
        if (isDue && _running.IsCompleted && seen[Sign.ApiServerReady].Truth == Truth.Yes
            && parts.Etcd.Status is { } status)
        {
            _last = machine.Time.GetTimestamp();
            _running = WriteAsync(status);
        }
    }

    private async Task WriteAsync(MemberStatus status)
    {
        try
        {
            var cluster = NodeIdentity.Text(status.ClusterId);
            var old = parts.Stamp.ReadOrNull();
            var timeline = await timelineOf(cluster, CancellationToken.None);
            var isOurs = old is null || old.ClusterId == cluster || timeline is not null
                || parts.Recovered.Read()?.ClusterId == cluster;
            if (!isOurs)
            {
                return;
            }

            if (parts.Stamp.ReadOrNull() is { } now && !now.SaysTheSameAs(old))
            {
                return; // A recovery has stamped meanwhile, and knows better than this status.
            }

            var root = MemberLayout.Clean(EtcdManifest.Load(machine.Files, machine.EtcdManifestPath).DataDirectory);
            parts.Stamp.Write(new NodeIdentity
            {
                ClusterId = cluster,
                MemberId = NodeIdentity.Text(status.MemberId),
                Timeline = timeline ?? old?.Timeline,
                DataDirectory = root,
                Mount = MountTable.Read(machine.Files).Of(root),
                Written = machine.Time.GetUtcNow(),
            });
        }
        catch (Exception e) when (e is SalvorException or CorruptDataException)
        {
            // The next minute will do.
        }
    }
}
