using System.Xml.Linq;
using Salvor.Lab.Cloud.Model;

namespace Salvor.Lab.Cloud.Query;

/// <summary>Zones, subnets, addresses, launch templates and tags.</summary>
public sealed class OtherActions(Region region)
{
    private static readonly Dictionary<string, string> NoTags = [];

    public void AddTo(Dictionary<string, Func<QueryForm, IEnumerable<XElement>>> actions)
    {
        actions["DescribeAvailabilityZones"] = Zones;
        actions["DescribeSubnets"] = Subnets;
        actions["AllocateAddress"] = form => AddressOf(region.Allocate(form.TagsFor("elastic-ip")));
        actions["AssociateAddress"] = form => [Xml.Of("return", true), Xml.Of("associationId", region.Associate(
            form.Require("AllocationId"), form.Require("InstanceId"), form.Flag("AllowReassociation", true))
            .Association)];
        actions["DisassociateAddress"] = Disassociate;
        actions["ReleaseAddress"] = form =>
        {
            region.Release(form.Require("AllocationId"));
            return [Xml.Of("return", true)];
        };
        actions["DescribeAddresses"] = Addresses;
        actions["CreateLaunchTemplate"] = CreateTemplate;
        actions["DescribeLaunchTemplates"] = form => Filters.Page(
            form, "launchTemplates", [.. Templates(form).Select(one => Xml.Of("item", TemplateOf(one)))]);
        actions["DescribeLaunchTemplateVersions"] = form => Filters.Page(
            form, "launchTemplateVersionSet", [.. Templates(form).Select(one => Xml.Of(
                "item", Xml.Of("launchTemplateId", one.Id), Xml.Of("launchTemplateName", one.Name),
                Xml.Of("versionNumber", 1), Xml.Of("defaultVersion", true), Xml.Of("createTime", one.Created),
                Xml.Of("launchTemplateData", Plain(one, "ImageId", "imageId"),
                    Plain(one, "InstanceType", "instanceType"), Plain(one, "UserData", "userData"))))]);
        actions["CreateTags"] = form =>
        {
            region.Tag(form.RequireList("ResourceId"), form.Pairs("Tag"));
            return [Xml.Of("return", true)];
        };
        actions["DescribeTags"] = Tags;
    }

    private IEnumerable<XElement> Zones(QueryForm form) => [Xml.Set(
        "availabilityZoneInfo", region.Options.Zones.Filter(form, _ => NoTags, (one, name) => name switch
        {
            "zone-name" => one.Name,
            "state" => "available",
            "region-name" => region.Options.Name,
            _ => null,
        }).Where(one => form.List("ZoneName") is var names && (names.Count == 0 || names.Contains(one.Name)))
            .Select(one => Xml.Of(
                "item", Xml.Of("zoneName", one.Name), Xml.Of("zoneState", "available"),
                Xml.Of("regionName", region.Options.Name), Xml.Set("messageSet", []))))];

    private IEnumerable<XElement> Subnets(QueryForm form)
    {
        var ids = form.List("SubnetId");
        if (ids.FirstOrDefault(id => region.Options.Zones.All(one => one.Subnet != id)) is { } unknown)
        {
            throw CloudException.NotFound("SubnetID", unknown);
        }

        var zones = region.Options.Zones.Where(one => ids.Count == 0 || ids.Contains(one.Subnet))
            .Filter(form, _ => NoTags, (one, name) => name switch
            {
                "subnet-id" => one.Subnet,
                "availability-zone" => one.Name,
                "cidr-block" => one.Network.ToString(),
                _ => null,
            });
        return Filters.Page(form, "subnetSet", [.. zones.Select(one => Xml.Of(
            "item", Xml.Of("subnetId", one.Subnet), Xml.Of("state", "available"), Xml.Of("vpcId", "vpc-lab"),
            Xml.Of("cidrBlock", one.Network), Xml.Of("availabilityZone", one.Name)))]);
    }

    private IEnumerable<XElement> Disassociate(QueryForm form)
    {
        var association = form.Require("AssociationId");
        var address = region.State.Addresses.Values.FirstOrDefault(one => one.Association == association)
            ?? throw CloudException.NotFound("AssociationID", association);
        region.Disassociate(address.Id);
        return [Xml.Of("return", true)];
    }

    private IEnumerable<XElement> Addresses(QueryForm form)
    {
        var seen = region.Seen.Addresses;
        var ids = form.List("AllocationId");
        IEnumerable<Address> named = ids.Count == 0
            ? seen.Values
            : [.. ids.Select(id => seen.GetValueOrDefault(id) ?? throw CloudException.NotFound("AllocationID", id))];
        return [Xml.Set("addressesSet", named.Filter(form, one => one.Tags, (one, name) => name switch
        {
            "allocation-id" => one.Id,
            "public-ip" => one.PublicAddress,
            "instance-id" => one.Instance ?? "",
            "association-id" => one.Association ?? "",
            _ => null,
        }).Select(one => Xml.Of("item", AddressOf(one))))];
    }

    private static XElement[] AddressOf(Address one) =>
    [
        Xml.Of("publicIp", one.PublicAddress), Xml.Of("allocationId", one.Id), Xml.Of("domain", "vpc"),
        .. one.Instance is null
            ? Array.Empty<XElement>()
            : [Xml.Of("instanceId", one.Instance), Xml.Of("associationId", one.Association)],
        Xml.Tags(one.Tags),
    ];

    private IEnumerable<XElement> CreateTemplate(QueryForm form)
    {
        var token = form.Get("ClientToken");
        var known = region.FindToken("CreateLaunchTemplate", token, form.Fingerprint());
        var template = known is null
            ? region.CreateTemplate(
                form.Require("LaunchTemplateName"), form.Under("LaunchTemplateData").Values,
                form.TagsFor("launch-template"))
            : region.State.Templates[known];
        region.KeepToken("CreateLaunchTemplate", token, form.Fingerprint(), template.Id);
        return [Xml.Of("launchTemplate", TemplateOf(template))];
    }

    private List<LaunchTemplate> Templates(QueryForm form)
    {
        var ids = form.List("LaunchTemplateId");
        var names = form.List("LaunchTemplateName");
        if (form.Get("LaunchTemplateId") is { } id)
        {
            ids = [id];
        }

        if (form.Get("LaunchTemplateName") is { } name)
        {
            names = [name];
        }

        var all = region.Seen.Templates.Values;
        foreach (var missing in ids.Concat(names).Where(asked => all.All(one => one.Id != asked && one.Name != asked)))
        {
            throw ids.Contains(missing)
                ? CloudException.NotFound("LaunchTemplateId", missing)
                : new CloudException(
                    "InvalidLaunchTemplateName.NotFoundException", $"There is no launch template '{missing}'.");
        }

        return [.. all.Where(one => ids.Count + names.Count == 0 || ids.Contains(one.Id) || names.Contains(one.Name))
            .Filter(form, one => one.Tags, (one, field) => field == "launch-template-name" ? one.Name : null)];
    }

    private static XElement[] TemplateOf(LaunchTemplate one) =>
    [
        Xml.Of("launchTemplateId", one.Id), Xml.Of("launchTemplateName", one.Name),
        Xml.Of("createTime", one.Created), Xml.Of("defaultVersionNumber", 1), Xml.Of("latestVersionNumber", 1),
        Xml.Tags(one.Tags),
    ];

    private static XElement? Plain(LaunchTemplate one, string parameter, string element) =>
        one.Data.TryGetValue(parameter, out var value) ? Xml.Of(element, value) : null;

    private IEnumerable<XElement> Tags(QueryForm form)
    {
        var state = region.Seen;
        var all = state.Instances.Values.SelectMany(one => Of(one.Id, "instance", one.Tags))
            .Concat(state.Volumes.Values.SelectMany(one => Of(one.Id, "volume", one.Tags)))
            .Concat(state.Snapshots.Values.SelectMany(one => Of(one.Id, "snapshot", one.Tags)))
            .Concat(state.Addresses.Values.SelectMany(one => Of(one.Id, "elastic-ip", one.Tags)))
            .Concat(state.Templates.Values.SelectMany(one => Of(one.Id, "launch-template", one.Tags)));
        var items = all.Filter(form, _ => NoTags, (one, name) => name switch
        {
            "resource-id" => one.Id,
            "resource-type" => one.Type,
            "key" => one.Key,
            "value" => one.Value,
            _ => null,
        });
        return Filters.Page(form, "tagSet", [.. items.Select(one => Xml.Of(
            "item", Xml.Of("resourceId", one.Id), Xml.Of("resourceType", one.Type), Xml.Of("key", one.Key),
            Xml.Of("value", one.Value)))]);

        static IEnumerable<(string Id, string Type, string Key, string Value)> Of(
            string id, string type, IReadOnlyDictionary<string, string> tags) =>
            tags.Select(tag => (id, type, tag.Key, tag.Value));
    }
}
