using System.Xml.Linq;
using Salvor.Lab.Cloud.Model;

namespace Salvor.Lab.Cloud.Query;

/// <summary>Volumes and snapshots.</summary>
public sealed class VolumeActions(Region region)
{
    public void AddTo(Dictionary<string, Func<QueryForm, IEnumerable<XElement>>> actions)
    {
        actions["CreateVolume"] = Create;
        actions["DeleteVolume"] = form =>
        {
            region.DeleteVolume(form.Require("VolumeId"));
            return [Xml.Of("return", true)];
        };
        actions["AttachVolume"] = form => AttachmentOf(form.Require("VolumeId"), region.Attach(
            form.Require("VolumeId"), form.Require("InstanceId"), form.Require("Device")));
        actions["DetachVolume"] = form => AttachmentOf(form.Require("VolumeId"), region.Detach(
            form.Require("VolumeId"), form.Get("InstanceId"), form.Flag("Force")));
        actions["DescribeVolumes"] = Describe;
        actions["CreateSnapshot"] = form => SnapshotOf(region.CreateSnapshot(
            form.Require("VolumeId"), form.Get("Description") ?? "", form.TagsFor("snapshot")));
        actions["DeleteSnapshot"] = form =>
        {
            region.DeleteSnapshot(form.Require("SnapshotId"));
            return [Xml.Of("return", true)];
        };
        actions["DescribeSnapshots"] = DescribeSnapshots;
    }

    private XElement[] Create(QueryForm form)
    {
        var token = form.Get("ClientToken");
        var known = region.FindToken("CreateVolume", token, form.Fingerprint());
        var volume = known is null
            ? region.CreateVolume(
                form.Require("AvailabilityZone"), form.Number("Size"), form.Get("SnapshotId"), form.TagsFor("volume"))
            : region.RequireVolume(known);
        region.KeepToken("CreateVolume", token, form.Fingerprint(), volume.Id);
        return VolumeOf(volume);
    }

    private IEnumerable<XElement> Describe(QueryForm form)
    {
        var seen = region.Seen.Volumes;
        var ids = form.List("VolumeId");
        IEnumerable<Volume> named = ids.Count == 0
            ? seen.Values
            : [.. ids.Select(id => seen.GetValueOrDefault(id) ?? throw CloudException.NotFound("Volume", id))];
        var items = named.Filter(form, one => one.Tags, Field).Select(one => Xml.Of("item", VolumeOf(one)));
        return Filters.Page(form, "volumeSet", [.. items]);
    }

    private IEnumerable<XElement> DescribeSnapshots(QueryForm form)
    {
        var seen = region.Seen.Snapshots;
        var ids = form.List("SnapshotId");
        IEnumerable<Snapshot> named = ids.Count == 0
            ? seen.Values
            : [.. ids.Select(id => seen.GetValueOrDefault(id) ?? throw CloudException.NotFound("Snapshot", id))];
        var items = named.Filter(form, one => one.Tags, Field).Select(one => Xml.Of("item", SnapshotOf(one)));
        return Filters.Page(form, "snapshotSet", [.. items]);
    }

    private static string? Field(Volume one, string name) => name switch
    {
        "volume-id" => one.Id,
        "status" => one.State,
        "availability-zone" => one.Zone,
        "snapshot-id" => one.Snapshot ?? "",
        "attachment.instance-id" => one.Attachment?.Instance ?? "",
        "attachment.device" => one.Attachment?.Device ?? "",
        "attachment.status" => one.Attachment?.State ?? "detached",
        _ => null,
    };

    private static string? Field(Snapshot one, string name) => name switch
    {
        "snapshot-id" => one.Id,
        "status" => one.State,
        "volume-id" => one.Volume,
        "description" => one.Description,
        _ => null,
    };

    private static XElement[] VolumeOf(Volume one) =>
    [
        Xml.Of("volumeId", one.Id), Xml.Of("size", one.SizeGiB), Xml.Of("snapshotId", one.Snapshot ?? ""),
        Xml.Of("availabilityZone", one.Zone), Xml.Of("status", one.State), Xml.Of("createTime", one.Created),
        Xml.Of("volumeType", "gp3"), Xml.Of("encrypted", false), Xml.Of("multiAttachEnabled", false),
        Xml.Set("attachmentSet", one.Attachment is { } held ? [Xml.Of("item", AttachmentOf(one.Id, held))] : []),
        Xml.Tags(one.Tags),
    ];

    private static XElement[] AttachmentOf(string volume, Attachment held) =>
    [
        Xml.Of("volumeId", volume), Xml.Of("instanceId", held.Instance), Xml.Of("device", held.Device),
        Xml.Of("status", held.State), Xml.Of("attachTime", held.Time),
        Xml.Of("deleteOnTermination", held.DeleteOnTermination),
    ];

    private XElement[] SnapshotOf(Snapshot one) =>
    [
        Xml.Of("snapshotId", one.Id), Xml.Of("volumeId", one.Volume), Xml.Of("status", one.State),
        Xml.Of("startTime", one.Started), Xml.Of("progress", one.State == "completed" ? "100%" : "0%"),
        Xml.Of("ownerId", region.Options.Account), Xml.Of("volumeSize", one.SizeGiB),
        Xml.Of("description", one.Description), Xml.Of("encrypted", false), Xml.Tags(one.Tags),
    ];
}
