using Salvor.Errors;
using Salvor.Node.Identity;
using Salvor.Readiness.Protect.DataVolume;

namespace Salvor.Readiness.Protect.Machine;

/// <summary>The machine has it in writing whose etcd it has, so that the gate can tell foreign data.</summary>
/// <remarks>It is written only while etcd answers and has a leader: what is stamped was seen to be well.</remarks>
/// <param name="machine">Which machine.</param>
/// <param name="pod">Its etcd.</param>
/// <param name="hasRepository">Whether a configuration names a repository.</param>
/// <param name="timelineOf">The timeline that a cluster writes to, by its id; null where the repository does not tell.
/// </param>
/// <param name="time">For when it was written.</param>
public sealed class NodeStamp(
    NodeFiles machine, EtcdPod pod, Func<bool> hasRepository, Func<string, CancellationToken, Task<int?>> timelineOf,
    TimeProvider time) : IProtection
{
    public const string ItemName = "identity";

    private readonly NodeIdentityFile _file = new(machine.FileSystem, machine.PathOf(""));

    public string Section => "node";

    public string Name => ItemName;

    public string Purpose => "The machine knows whose etcd it has, so that the gate can tell foreign data.";

    public async Task<ProtectionLook> LookAsync(ProtectionAim aim, CancellationToken ct)
    {
        var isThere = machine.FileSystem.Stat(_file.Path) is not null;
        if (aim == ProtectionAim.Remove)
        {
            return new ProtectionLook
            {
                State = isThere ? ProtectionState.Differs : ProtectionState.InForce,
                Found = isThere ? _file.Path : "no stamp",
                Wanted = "no stamp",
                Change = isThere ? $"delete {_file.Path}" : null,
            };
        }

        if (!hasRepository())
        {
            return new ProtectionLook
            {
                State = ProtectionState.NotApplicable,
                Note = "No configuration names a repository: run salvor init first.",
            };
        }

        var found = _file.ReadOrNull();
        return await SeeAsync(found, ct) is { } wanted
            ? LookAt(found, wanted, isThere)
            : new ProtectionLook
            {
                State = ProtectionState.Unseen,
                Found = Describe(found, isThere),
                Note = "etcd does not answer, so nobody can tell whose it is. Run this again when it does.",
            };
    }

    public async Task ChangeAsync(ProtectionAim aim, CancellationToken ct)
    {
        if (aim == ProtectionAim.Remove)
        {
            _file.Delete();
        }
        else if (await SeeAsync(_file.ReadOrNull(), ct) is { } wanted)
        {
            _file.Write(wanted);
        }
    }

    private static string Describe(NodeIdentity? stamp, bool isThere) => stamp is null
        ? isThere ? "a stamp that can't be read" : "no stamp"
        : $"member {stamp.MemberId} of cluster {stamp.ClusterId}, "
            + (stamp.Timeline is { } timeline ? $"timeline {timeline}, " : "no timeline, ")
            + $"in {stamp.DataDirectory}"
            + (stamp.Mount is { } mount ? $" on {mount.Point} ({mount.Uuid ?? mount.Kind})" : "");

    private ProtectionLook LookAt(NodeIdentity? found, NodeIdentity wanted, bool isThere)
    {
        var isInForce = wanted.SaysTheSameAs(found);
        return new ProtectionLook
        {
            State = isInForce ? ProtectionState.InForce : ProtectionState.Differs,
            Found = Describe(found, isThere),
            Wanted = Describe(wanted, isThere: true),
            Change = isInForce ? null : $"write {_file.Path}",
        };
    }

    /// <summary>The stamp of the etcd that runs now; null where none answers that is well.</summary>
    private async Task<NodeIdentity?> SeeAsync(NodeIdentity? before, CancellationToken ct)
    {
        if (await pod.StatusAsync(ct) is not { LeaderId: not 0 } status)
        {
            return null;
        }

        var cluster = NodeIdentity.Text(status.ClusterId);
        var data = pod.Load().DataDirectory;
        return new NodeIdentity
        {
            ClusterId = cluster,
            MemberId = NodeIdentity.Text(status.MemberId),
            Timeline = await timelineOf(cluster, ct) ?? (before?.ClusterId == cluster ? before.Timeline : null),
            DataDirectory = data,
            Mount = MountOf(machine.PathOf(data)),
            Written = time.GetUtcNow(),
        };
    }

    private MountIdentity? MountOf(string directory)
    {
        try
        {
            return MountTable.Read(machine.FileSystem).Of(directory);
        }
        catch (SalvorException)
        {
            return null;
        }
    }
}
