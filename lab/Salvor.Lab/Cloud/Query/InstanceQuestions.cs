using System.Xml.Linq;
using Salvor.Lab.Cloud.Model;

namespace Salvor.Lab.Cloud.Query;

/// <summary>The calls that ask about instances.</summary>
public sealed class InstanceQuestions(Region region)
{
    public void AddTo(Dictionary<string, Func<QueryForm, IEnumerable<XElement>>> actions)
    {
        actions["DescribeInstances"] = Describe;
        actions["DescribeInstanceStatus"] = Status;
        actions["DescribeInstanceAttribute"] = Attribute;
    }

    private IEnumerable<XElement> Describe(QueryForm form) => Filters.Page(
        form, "reservationSet", [.. Named(form).Filter(form, one => one.Tags, Field).Select(one => Xml.Of(
            "item", Xml.Of("reservationId", InstanceXml.Reservation(one)),
            Xml.Of("ownerId", region.Options.Account), Xml.Set("groupSet", []),
            Xml.Set("instancesSet", [InstanceXml.Of(one, region.Seen, region.Options)])))]);

    private IEnumerable<XElement> Status(QueryForm form) => Filters.Page(
        form, "instanceStatusSet", [.. Named(form)
            .Where(one => form.Flag("IncludeAllInstances") || one.State == InstanceState.Running)
            .Filter(form, one => one.Tags, Field).Select(one => Xml.Of(
                "item", Xml.Of("instanceId", one.Id), Xml.Of("availabilityZone", one.Zone),
                InstanceXml.State("instanceState", one.State),
                Check("systemStatus", one, one.IsHostUp),
                Check("instanceStatus", one, one.Answers)))]);

    private IEnumerable<XElement> Attribute(QueryForm form)
    {
        var instance = region.Seen.Instances.GetValueOrDefault(form.Require("InstanceId"))
            ?? throw CloudException.NotFound("InstanceID", form.Require("InstanceId"));
        var attribute = form.Require("Attribute");
        XElement[] value = attribute switch
        {
            "disableApiTermination" => [Xml.Of("value", instance.DisableApiTermination)],
            "disableApiStop" => [Xml.Of("value", instance.DisableApiStop)],
            "instanceType" => [Xml.Of("value", instance.InstanceType)],
            "userData" => instance.UserData.Length == 0 ? [] : [Xml.Of("value", instance.UserData)],
            "instanceInitiatedShutdownBehavior" =>
                [Xml.Of("value", instance.TerminatesOnShutdown ? "terminate" : "stop")],
            "blockDeviceMapping" => [.. InstanceXml.Of(instance, region.Seen, region.Options)
                .Element("blockDeviceMapping")!.Elements()],
            _ => throw new CloudException("InvalidParameterValue", $"The lab knows no attribute '{attribute}'."),
        };
        return [Xml.Of("instanceId", instance.Id), Xml.Of(attribute, value)];
    }

    private List<Instance> Named(QueryForm form)
    {
        var seen = region.Seen.Instances;
        var ids = form.List("InstanceId");
        return ids.Count == 0
            ? [.. seen.Values]
            : [.. ids.Select(id => seen.GetValueOrDefault(id) ?? throw CloudException.NotFound("InstanceID", id))];
    }

    private static string? Field(Instance one, string name) => name switch
    {
        "instance-id" => one.Id,
        "instance-state-name" => InstanceXml.Name(one.State),
        "instance-state-code" => $"{(int)one.State}",
        "availability-zone" => one.Zone,
        "private-ip-address" => one.PrivateAddress,
        "image-id" => one.ImageId,
        "instance-type" => one.InstanceType,
        _ => null,
    };

    private static XElement Check(string name, Instance one, bool? isWell)
    {
        var (status, detail) = one.State != InstanceState.Running
            ? ("not-applicable", null)
            : isWell switch
            {
                true => ("ok", "passed"),
                false => ("impaired", "failed"),
                null => ("initializing", "initializing"),
            };
        return Xml.Of(name, Xml.Of("status", status), detail is null ? null : Xml.Set("details", [Xml.Of(
            "item", Xml.Of("name", "reachability"), Xml.Of("status", detail),
            isWell == false && one.ImpairedSince is { } since ? Xml.Of("impairedSince", since) : null)]));
    }
}
