using System.Net;

namespace Salvor.Lab.Cloud.Model;

/// <summary>Faults by command. Each stays until it is taken back.</summary>
public sealed partial class Region
{
    private readonly HashSet<string> _stuck = [];
    private readonly HashSet<string> _full = [];
    private readonly HashSet<string> _cutOff = [];
    private TimeSpan _staleness;

    /// <summary>While stuck, the instance stays in <c>stopping</c> or <c>shutting-down</c>, and runs.</summary>
    public void SetStuckStopping(string instance, bool stuck) => Set(_stuck, Require(instance).Id, stuck);

    /// <summary>Describes answer as of so long ago, in real time. Zero for the truth.</summary>
    public void SetStaleness(TimeSpan age) => _staleness = age;

    /// <summary>A full zone refuses to run and to start instances.</summary>
    public void SetNoCapacity(string zone, bool full) => Set(_full, ZoneOf(zone).Name, full);

    /// <summary>The endpoint drops connections from a zone's addresses.</summary>
    public void SetCutOff(string zone, bool cutOff) => Set(_cutOff, ZoneOf(zone).Name, cutOff);

    public bool IsCutOff(IPAddress source) => options.Zones.Any(
        zone => _cutOff.Contains(zone.Name)
            && zone.Network.Contains(source.IsIPv4MappedToIPv6 ? source.MapToIPv4() : source));

    /// <summary>Takes all of these faults back.</summary>
    public void EndFaults()
    {
        _stuck.Clear();
        _full.Clear();
        _cutOff.Clear();
        _staleness = TimeSpan.Zero;
    }

    public bool IsStuckStopping(string instance) => _stuck.Contains(instance);

    public TimeSpan Staleness => _staleness;

    public bool HasNoCapacity(string zone) => _full.Contains(zone);

    public bool HasCutOff(string zone) => _cutOff.Contains(zone);

    /// <summary>The host under an instance dies: the machine is off at once, and the API still says running.</summary>
    public void FailHost(string instance)
    {
        Update(Require(instance) with { IsHostUp = false });
        After(TimeSpan.Zero, instance, (host, ct) => host.PowerOffAsync(instance, ct), _ => { });
    }

    private static void Set(HashSet<string> set, string name, bool isIn)
    {
        if (isIn)
        {
            set.Add(name);
        }
        else
        {
            set.Remove(name);
        }
    }

    private void CheckCapacity(string zone)
    {
        if (_full.Contains(zone))
        {
            throw new CloudException(
                "InsufficientInstanceCapacity", $"There is no capacity in the zone {zone} now.", 500);
        }
    }
}
