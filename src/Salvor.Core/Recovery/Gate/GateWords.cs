using System.Collections.Immutable;
using System.Text;

namespace Salvor.Recovery.Gate;

/// <summary>The gate's reasons in words.</summary>
internal static class GateWords
{
    private const string Reattach = "Attach the volume and mount it, then run salvor gate --release.";
    private const string Restore =
        "Bring the data back (salvor salvage, salvor restore), then run salvor gate --release.";

    public static ImmutableArray<GateReason> Of(ImmutableArray<GateConcern> concerns, GateSighting sighting) =>
        [.. concerns.Select(concern => Of(concern, sighting))];

    /// <summary>What goes to the console: a person there may have nothing else.</summary>
    public static string ForConsole(GateRecord record, string heldAt)
    {
        var text = new StringBuilder($"\nsalvor gate: etcd does not start on {record.Machine}.\n");
        foreach (var reason in record.Reasons)
        {
            text.Append($"  {reason.Text}\n  {reason.WayOut}\n");
        }

        return text.Append($"  Its manifest is in {heldAt}. To start it whatever was seen: salvor gate --override\n")
            .ToString();
    }

    private static GateReason Of(GateConcern concern, GateSighting sighting)
    {
        var (text, wayOut) = concern switch
        {
            GateConcern.VolumeMissing =>
                ($"Nothing is mounted on {sighting.Stamp?.Mount?.Point}, where etcd's volume was.", Reattach),
            GateConcern.OtherVolume =>
                ($"Another file system is mounted on {sighting.Mount?.Point} ({sighting.Mount?.Uuid}) than the one on "
                    + $"which etcd was well ({sighting.Stamp?.Mount?.Uuid}).", Reattach),
            GateConcern.DataMissing =>
                ($"etcd has no data: {sighting.Data.Detail}{WhyThereShouldBe(sighting)}", Restore),
            GateConcern.DataForeign => ($"etcd's data is not this machine's: {sighting.Data.Detail}",
                "Attach the right volume, or restore (salvor restore), then run salvor gate --release."),
            GateConcern.DataTorn => ($"etcd's data is damaged: {sighting.Data.Detail}", Restore),
            GateConcern.DataUnreadable => ($"etcd's data can't be read: {sighting.Data.Detail}",
                "See what the disk says (dmesg); then run salvor gate --release."),
            _ => ($"Timeline {sighting.Newest} was begun elsewhere, and this etcd is of timeline "
                + $"{sighting.Stamp?.Timeline}: another control plane took over.",
                "Leave this one down. Its data may hold what the other one lacks: salvor salvage reads it."),
        };
        return new GateReason(concern, text, wayOut);
    }

    private static string WhyThereShouldBe(GateSighting sighting) => sighting.Stamp is { } stamp
        ? $" Member {stamp.MemberId} of cluster {stamp.ClusterId} was well here."
        : sighting.Newest is not null ? " The repository has backups."
        : " Whether there ever was any can't be told: the repository does not answer.";
}
