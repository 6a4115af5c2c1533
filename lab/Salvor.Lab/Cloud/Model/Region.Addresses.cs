using System.Collections.Immutable;

namespace Salvor.Lab.Cloud.Model;

/// <summary>Elastic addresses and launch templates.</summary>
public sealed partial class Region
{
    public Address RequireAddress(string id) =>
        State.Addresses.GetValueOrDefault(id) ?? throw CloudException.NotFound("AllocationID", id);

    public Address Allocate(ImmutableDictionary<string, string> tags)
    {
        var used = State.Addresses.Values.Select(one => one.PublicAddress).ToHashSet();
        var free = Enumerable.Range(10, 200).Select(offset => AddressAt(options.PublicNetwork, offset).ToString())
            .FirstOrDefault(one => !used.Contains(one))
            ?? throw new CloudException("AddressLimitExceeded", "The maximum number of addresses has been reached.");
        var address = new Address(NewId("eipalloc"), free) { Tags = tags };
        State = State with { Addresses = State.Addresses.Add(address.Id, address) };
        return address;
    }

    public Address Associate(string id, string instanceId, bool allowReassociation)
    {
        var address = RequireAddress(id);
        var instance = Require(instanceId);
        if (instance.State is InstanceState.Terminated or InstanceState.ShuttingDown or InstanceState.Pending)
        {
            throw new CloudException(
                "InvalidInstanceID", $"The instance '{instanceId}' is not in a valid state for this operation.");
        }

        if (address.Instance is { } holder && holder != instanceId && !allowReassociation)
        {
            throw new CloudException(
                "Resource.AlreadyAssociated", $"resource {id} is already associated with {holder}");
        }

        return Move(address with { Instance = instanceId, Association = NewId("eipassoc") });
    }

    public void Disassociate(string id) => Move(RequireAddress(id) with { Instance = null, Association = null });

    public void Release(string id)
    {
        if (RequireAddress(id).Instance is not null)
        {
            throw new CloudException("InvalidIPAddress.InUse", $"Address {id} is in use.");
        }

        State = State with { Addresses = State.Addresses.Remove(id) };
    }

    public LaunchTemplate CreateTemplate(
        string name, ImmutableDictionary<string, string> data, ImmutableDictionary<string, string> tags)
    {
        if (State.Templates.Values.Any(one => one.Name == name))
        {
            throw new CloudException(
                "InvalidLaunchTemplateName.AlreadyExistsException", "Launch template name already in use.");
        }

        var template = new LaunchTemplate(NewId("lt"), name, data, time.Now) { Tags = tags };
        State = State with { Templates = State.Templates.Add(template.Id, template) };
        return template;
    }

    private Address Move(Address address)
    {
        State = State with { Addresses = State.Addresses.SetItem(address.Id, address) };
        After(
            TimeSpan.Zero, address.Id,
            (host, ct) => host.MoveAddressAsync(address.PublicAddress, address.Instance, ct), _ => { });
        return address;
    }
}
