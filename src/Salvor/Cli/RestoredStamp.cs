using Salvor.DataDirectory;
using Salvor.Errors;
using Salvor.Formats.Etcd;
using Salvor.Node.Identity;
using Salvor.Repository;

namespace Salvor.Cli;

/// <summary>
/// Renews the machine's stamp when a new member takes the place of the one that it tells of, or the gate would call it
/// foreign.
/// </summary>
internal static class RestoredStamp
{
    /// <summary>Does nothing where there is no stamp, or one of another data directory.</summary>
    /// <param name="context">The machine.</param>
    /// <param name="dataDirectory">Where the new member is.</param>
    /// <param name="cluster">Its cluster.</param>
    /// <param name="member">Its id.</param>
    /// <param name="timeline">The timeline that was begun for it; null where none was.</param>
    public static void Renew(
        CommandContext context, string dataDirectory, ClusterId cluster, MemberId member, TimelineId? timeline)
    {
        var file = new NodeIdentityFile(context.FileSystem, context.Root);
        try
        {
            if (file.TryRead() is { } stamp
                && Place.IsSame(context.FileSystem, context.Root.TrimEnd('/') + stamp.DataDirectory, dataDirectory))
            {
                file.Write(stamp with
                {
                    ClusterId = NodeIdentity.Text(cluster.Value),
                    MemberId = NodeIdentity.Text(member.Value),
                    Timeline = timeline?.Value ?? stamp.Timeline,
                    Mount = MountTable.Read(context.FileSystem).Of(MemberLayout.Clean(dataDirectory)),
                    Written = context.Time.GetUtcNow(),
                });
            }
        }
        catch (SalvorException e)
        {
            context.Terminal.Error.WriteLine(
                $"warning: {file.Path} could not be renewed, so salvor gate may take the new member for a foreign one: "
                + $"{e.Message} Run salvor protect once etcd runs.");
        }
    }
}
