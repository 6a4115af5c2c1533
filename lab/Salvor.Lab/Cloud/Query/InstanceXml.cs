using System.Xml.Linq;
using Salvor.Lab.Cloud.Model;

namespace Salvor.Lab.Cloud.Query;

/// <summary>An instance as DescribeInstances shows it.</summary>
public static class InstanceXml
{
    public static string Reservation(Instance instance) => "r" + instance.Id[1..];

    public static string Name(InstanceState state) =>
        state == InstanceState.ShuttingDown ? "shutting-down" : state.ToString().ToLowerInvariant();

    public static XElement State(string name, InstanceState state) =>
        Xml.Of(name, Xml.Of("code", (int)state), Xml.Of("name", Name(state)));

    public static XElement Of(Instance one, RegionState state, RegionOptions options)
    {
        var volumes = state.Volumes.Values.Where(volume => volume.Attachment?.Instance == one.Id);
        var address = state.Addresses.Values.FirstOrDefault(address => address.Instance == one.Id);
        var isThere = one.State != InstanceState.Terminated;
        return Xml.Of(
            "item",
            Xml.Of("instanceId", one.Id), Xml.Of("imageId", one.ImageId), State("instanceState", one.State),
            Xml.Of("instanceType", one.InstanceType), Xml.Of("launchTime", one.LaunchTime),
            Xml.Of("reason", one.Reason),
            Xml.Of("placement", Xml.Of("availabilityZone", one.Zone), Xml.Of("tenancy", "default")),
            isThere ? Xml.Of("privateIpAddress", one.PrivateAddress) : null,
            isThere ? Xml.Of("subnetId", options.Zones.First(zone => zone.Name == one.Zone).Subnet) : null,
            address is null ? null : Xml.Of("ipAddress", address.PublicAddress),
            one.Reason.Length == 0 ? null : Xml.Of(
                "stateReason", Xml.Of("code", one.Reason.Contains('.', StringComparison.Ordinal)
                    ? one.Reason : "Client.UserInitiatedShutdown"), Xml.Of("message", one.Reason)),
            Xml.Of("architecture", "x86_64"), Xml.Of("rootDeviceType", "ebs"),
            Xml.Of("rootDeviceName", Region.RootDevice),
            Xml.Set("blockDeviceMapping", volumes.Select(volume => Xml.Of(
                "item", Xml.Of("deviceName", volume.Attachment!.Device), Xml.Of(
                    "ebs", Xml.Of("volumeId", volume.Id), Xml.Of("status", volume.Attachment.State),
                    Xml.Of("attachTime", volume.Attachment.Time),
                    Xml.Of("deleteOnTermination", volume.Attachment.DeleteOnTermination))))),
            Xml.Set("networkInterfaceSet", []),
            Xml.Of("maintenanceOptions", Xml.Of("autoRecovery", one.AutoRecovery)),
            Xml.Tags(one.Tags));
    }
}
