using System.Globalization;
using System.Net;

namespace Salvor.Lab.Cloud.Model;

/// <summary>
/// The region: its resources and EC2's rules about them. It does no I/O and holds no lock: what the host is to do
/// waits in effects, and whoever drives the region calls it from one thread at a time.
/// </summary>
public sealed partial class Region(RegionOptions options, CloudTime time)
{
    private const int HistoryMax = 10_000;

    private static readonly TimeSpan StateDelay = TimeSpan.FromSeconds(5);
    private readonly Queue<(DateTimeOffset Since, RegionState State)> _history = new();
    private readonly List<Effect> _effects = [];
    private readonly Dictionary<string, (string Order, string Id)> _tokens = [];
    private readonly long _birth = time.Now.ToUnixTimeSeconds();
    private RegionState _state = new();
    private long _ids;

    public RegionOptions Options => options;

    public CloudTime Time => time;

    /// <summary>The truth, which rules are checked against.</summary>
    public RegionState State
    {
        get => _state;
        private set
        {
            _history.Enqueue((time.Now, value));
            if (_history.Count > HistoryMax)
            {
                _history.Dequeue();
            }

            _state = value;
        }
    }

    /// <summary>What a describe sees: the truth, or an older one under the fault of stale describes.</summary>
    public RegionState Seen =>
        _staleness == TimeSpan.Zero
            ? _state
            : _history.LastOrDefault(entry => entry.Since <= time.Now - _staleness).State ?? new RegionState();

    public Zone ZoneOf(string name) => options.Zones.FirstOrDefault(zone => zone.Name == name)
        ?? throw new CloudException("InvalidParameterValue", $"Invalid availability zone: [{name}]");

    /// <summary>Takes out what the host is to do now.</summary>
    public IReadOnlyList<Effect> TakeDue()
    {
        var due = _effects.Where(effect => effect.Due <= time.Now
            && !(effect.IsStop && _stuck.Contains(effect.Target))).ToList();
        _effects.RemoveAll(due.Contains);
        return due;
    }

    /// <summary>The id that a token stands for, after its second order was found equal to its first.</summary>
    public string? FindToken(string action, string? token, string order)
    {
        if (token is null || !_tokens.TryGetValue($"{action} {token}", out var known))
        {
            return null;
        }

        return known.Order == order
            ? known.Id
            : throw new CloudException(
                "IdempotentParameterMismatch", "The client token was used before with other parameters.");
    }

    public void KeepToken(string action, string? token, string order, string id)
    {
        if (token is not null)
        {
            _tokens[$"{action} {token}"] = (order, id);
        }
    }

    /// <summary>Sets tags on resources of any kind.</summary>
    public void Tag(IReadOnlyList<string> ids, IReadOnlyDictionary<string, string> tags)
    {
        var state = _state;
        foreach (var id in ids)
        {
            state = state switch
            {
                _ when state.Instances.TryGetValue(id, out var instance) => state with
                {
                    Instances = state.Instances.SetItem(id, instance with { Tags = instance.Tags.SetItems(tags) }),
                },
                _ when state.Volumes.TryGetValue(id, out var volume) => state with
                {
                    Volumes = state.Volumes.SetItem(id, volume with { Tags = volume.Tags.SetItems(tags) }),
                },
                _ when state.Snapshots.TryGetValue(id, out var snapshot) => state with
                {
                    Snapshots = state.Snapshots.SetItem(id, snapshot with { Tags = snapshot.Tags.SetItems(tags) }),
                },
                _ when state.Addresses.TryGetValue(id, out var address) => state with
                {
                    Addresses = state.Addresses.SetItem(id, address with { Tags = address.Tags.SetItems(tags) }),
                },
                _ when state.Templates.TryGetValue(id, out var template) => state with
                {
                    Templates = state.Templates.SetItem(id, template with { Tags = template.Tags.SetItems(tags) }),
                },
                _ => throw CloudException.NotFound("ID", id),
            };
        }

        State = state;
    }

    private static IPAddress AddressAt(IPNetwork network, int offset)
    {
        var bytes = network.BaseAddress.GetAddressBytes();
        bytes[3] = (byte)(bytes[3] + offset);
        return new IPAddress(bytes);
    }

    private string NewId(string prefix) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}-{_birth:x8}{++_ids:x9}");

    private void After(
        TimeSpan delay, string target, Func<IMachineHost, CancellationToken, Task> act, Action<bool> done,
        bool isStop = false) =>
        _effects.Add(new Effect(time.Now + time.Real(delay), target, isStop, async (host, ct) =>
        {
            await act(host, ct);
            return true;
        }, done));
}
