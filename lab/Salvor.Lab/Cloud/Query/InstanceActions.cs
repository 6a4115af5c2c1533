using System.Net;
using System.Xml.Linq;
using Salvor.Lab.Cloud.Model;

namespace Salvor.Lab.Cloud.Query;

/// <summary>The calls that change instances.</summary>
public sealed class InstanceActions(Region region)
{
    public void AddTo(Dictionary<string, Func<QueryForm, IEnumerable<XElement>>> actions)
    {
        actions["RunInstances"] = Run;
        actions["StartInstances"] = form => Change(form, region.Start);
        actions["StopInstances"] = form => Change(
            form, id => region.Stop(id, form.Flag("Force"), form.Flag("SkipOsShutdown")));
        actions["TerminateInstances"] = form => Change(
            form, id => region.Terminate(id, form.Flag("SkipOsShutdown")));
        actions["RebootInstances"] = Reboot;
        actions["ModifyInstanceAttribute"] = Modify;
        actions["ModifyInstanceMaintenanceOptions"] = Maintain;
    }

    /// <summary>The template's parameters, with the call's own over them.</summary>
    private QueryForm WithTemplate(QueryForm form)
    {
        var id = form.Get("LaunchTemplate.LaunchTemplateId");
        var name = form.Get("LaunchTemplate.LaunchTemplateName");
        if (id is null && name is null)
        {
            return form;
        }

        var template = region.State.Templates.Values.FirstOrDefault(one => one.Id == id || one.Name == name)
            ?? throw CloudException.NotFound("LaunchTemplateId", id ?? name!);
        if ((form.Get("LaunchTemplate.Version") ?? "1") is not ("1" or "$Latest" or "$Default") and var version)
        {
            throw new CloudException(
                "InvalidLaunchTemplateId.VersionNotFound", $"There is no version {version} of {template.Id}.");
        }

        return new QueryForm(template.Data.SetItems(form.Values));
    }

    private IEnumerable<XElement> Run(QueryForm original)
    {
        var token = original.Get("ClientToken");
        var fingerprint = original.Fingerprint();
        var known = region.FindToken("RunInstances", token, fingerprint);
        var instance = known is null ? region.Run(Order(WithTemplate(original))) : region.Require(known);
        region.KeepToken("RunInstances", token, fingerprint, instance.Id);
        return
        [
            Xml.Of("reservationId", InstanceXml.Reservation(instance)), Xml.Of("ownerId", region.Options.Account),
            Xml.Set("groupSet", []), Xml.Set("instancesSet", [InstanceXml.Of(instance, region.State, region.Options)]),
        ];
    }

    private InstanceOrder Order(QueryForm form)
    {
        if (form.Require("MinCount") != "1" || form.Require("MaxCount") != "1")
        {
            throw new CloudException("UnsupportedOperation", "The lab runs one instance a call.");
        }

        var subnet = form.Get("SubnetId") ?? form.Get("NetworkInterface.1.SubnetId");
        var zone = subnet is null
            ? region.ZoneOf(form.Get("Placement.AvailabilityZone") ?? region.Options.Zones[0].Name)
            : region.Options.Zones.FirstOrDefault(one => one.Subnet == subnet)
                ?? throw CloudException.NotFound("SubnetID", subnet);
        if (form.Get("Placement.AvailabilityZone") is { } asked && asked != zone.Name)
        {
            throw new CloudException("InvalidParameterValue", $"The subnet {subnet} is not in the zone {asked}.");
        }

        var mappings = form.Items("BlockDeviceMapping").ToList();
        var root = mappings.Find(one => one.Get("DeviceName") == Region.RootDevice);
        return new InstanceOrder(form.Require("ImageId"), form.Get("InstanceType") ?? "m1.small", zone.Name)
        {
            PrivateAddress = PrivateAddress(form, zone),
            UserData = UserData(form),
            DisableApiTermination = form.Flag("DisableApiTermination"),
            DisableApiStop = form.Flag("DisableApiStop"),
            TerminatesOnShutdown = form.Get("InstanceInitiatedShutdownBehavior") == "terminate",
            KeepsRoot = root is not null && !root.Flag("Ebs.DeleteOnTermination", true),
            AutoRecovery = form.Get("MaintenanceOptions.AutoRecovery") ?? "default",
            Tags = form.TagsFor("instance"),
            VolumeTags = form.TagsFor("volume"),
            Disks = [.. mappings.Where(one => one != root).Select(Disk)],
        };
    }

    private DiskOrder Disk(QueryForm form)
    {
        var snapshot = form.Get("Ebs.SnapshotId");
        var size = form.Number("Ebs.VolumeSize")
            ?? region.State.Snapshots.GetValueOrDefault(snapshot ?? "")?.SizeGiB
            ?? throw new CloudException("MissingParameter", "A block device needs Ebs.VolumeSize or a snapshot.");
        return new DiskOrder(
            form.Require("DeviceName"), size, snapshot, form.Flag("Ebs.DeleteOnTermination", true));
    }

    private static string? PrivateAddress(QueryForm form, Zone zone)
    {
        var text = form.Get("PrivateIpAddress") ?? form.Get("NetworkInterface.1.PrivateIpAddress");
        return text is null || (IPAddress.TryParse(text, out var address) && zone.Network.Contains(address))
            ? text
            : throw new CloudException("InvalidParameterValue", $"Address {text} is not in the subnet's range.");
    }

    private static string UserData(QueryForm form)
    {
        var text = form.Get("UserData") ?? "";
        return Convert.TryFromBase64String(text, new byte[text.Length], out var length) && length <= 16 * 1024
            ? text
            : throw new CloudException("InvalidUserData.Malformed", "User data must be at most 16 KiB of base64.");
    }

    /// <summary>Every id is looked up before the first of them is changed.</summary>
    private List<XElement> Change(QueryForm form, Action<string> change)
    {
        var before = form.RequireList("InstanceId").Select(region.Require).ToList();
        var items = new List<XElement>();
        foreach (var instance in before)
        {
            change(instance.Id);
            items.Add(Xml.Of(
                "item", Xml.Of("instanceId", instance.Id),
                InstanceXml.State("currentState", region.Require(instance.Id).State),
                InstanceXml.State("previousState", instance.State)));
        }

        return [Xml.Set("instancesSet", items)];
    }

    private IEnumerable<XElement> Reboot(QueryForm form)
    {
        foreach (var instance in form.RequireList("InstanceId").Select(region.Require).ToList())
        {
            region.Reboot(instance.Id);
        }

        return [Xml.Of("return", true)];
    }

    private IEnumerable<XElement> Modify(QueryForm form)
    {
        var instance = region.Require(form.Require("InstanceId"));
        var protects = form.Get("DisableApiTermination.Value") ?? Named("disableApiTermination");
        var stays = form.Get("DisableApiStop.Value") ?? Named("disableApiStop");
        var devices = form.Items("BlockDeviceMapping").ToList();
        if (new[] { protects is not null, stays is not null, devices.Count > 0 }.Count(one => one) != 1)
        {
            throw new CloudException(
                "InvalidParameterCombination", "The lab changes one attribute a call: disableApiTermination, "
                + "disableApiStop or blockDeviceMapping.");
        }

        if (devices.Count == 0)
        {
            region.Update(instance with
            {
                DisableApiTermination = protects is null ? instance.DisableApiTermination : IsTrue(protects),
                DisableApiStop = stays is null ? instance.DisableApiStop : IsTrue(stays),
            });
        }

        foreach (var device in devices)
        {
            var name = device.Require("DeviceName");
            var volume = region.State.Volumes.Values.FirstOrDefault(
                one => one.Attachment is { } held && held.Instance == instance.Id && held.Device == name)
                ?? throw new CloudException("InvalidInstanceAttributeValue", $"No device is mapped at {name}.");
            var goes = device.Flag("Ebs.DeleteOnTermination", volume.Attachment!.DeleteOnTermination);
            region.Update(volume with { Attachment = volume.Attachment with { DeleteOnTermination = goes } });
        }

        return [Xml.Of("return", true)];

        string? Named(string name) => form.Get("Attribute") == name ? form.Require("Value") : null;
        static bool IsTrue(string text) => text.Equals("true", StringComparison.OrdinalIgnoreCase);
    }

    private IEnumerable<XElement> Maintain(QueryForm form)
    {
        var instance = region.Require(form.Require("InstanceId"));
        var recovery = form.Require("AutoRecovery");
        if (recovery is not ("default" or "disabled"))
        {
            throw new CloudException("InvalidParameterValue", $"AutoRecovery cannot be '{recovery}'.");
        }

        region.Update(instance with { AutoRecovery = recovery });
        return [Xml.Of("instanceId", instance.Id), Xml.Of("autoRecovery", recovery)];
    }
}
