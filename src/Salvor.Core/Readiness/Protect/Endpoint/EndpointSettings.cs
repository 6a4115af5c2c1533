using Salvor.Readiness.Protect.Machine;

namespace Salvor.Readiness.Protect.Endpoint;

/// <summary>What the settings of one text shall be: the endpoint's, or what was there before those.</summary>
/// <param name="record">What was there before.</param>
/// <param name="item">The protection's name in the record.</param>
/// <param name="wantedFor">What an endpoint asks for.</param>
internal sealed class EndpointSettings(
    ProtectionRecord record, string item, Func<ApiEndpoint, Dictionary<string, string>> wantedFor)
{
    /// <summary>Which endpoint protect wrote: what differs from it is not protect's to undo.</summary>
    private const string Ours = "endpoint";

    public bool IsRecorded => record.Of(item).Count > 0;

    /// <param name="endpoint">The one to point at; null to undo.</param>
    /// <param name="text">As it is.</param>
    public Dictionary<string, string?> Wanted(ApiEndpoint? endpoint, IEndpointText text)
    {
        if (endpoint is not null)
        {
            return wantedFor(endpoint).ToDictionary(pair => pair.Key, pair => (string?)pair.Value);
        }

        var before = record.Of(item);
        return before.Where(pair => pair.Key != Ours && IsOurs(before, pair.Key, text[pair.Key]))
            .ToDictionary(pair => pair.Key, pair => pair.Value);
    }

    /// <summary>Before the change. What an earlier run found stays, where the text still has what that wrote.</summary>
    public void Remember(ApiEndpoint endpoint, IEndpointText text)
    {
        var before = record.Of(item);
        var changed = wantedFor(endpoint)
            .Where(pair => text[pair.Key] != pair.Value && !IsOurs(before, pair.Key, text[pair.Key]))
            .Select(pair => new KeyValuePair<string, string?>(pair.Key, text[pair.Key]));
        record.Remember(item, [.. changed, new(Ours, endpoint.ToString())]);
    }

    public void Forget() => record.Forget(item);

    public static bool Differs(IEndpointText text, Dictionary<string, string?> wanted) =>
        wanted.Any(pair => text[pair.Key] != pair.Value);

    public static string Describe(IEndpointText text, Dictionary<string, string?> wanted) =>
        Describe(wanted.Select(pair => (pair.Key, text[pair.Key])));

    public static string Describe(Dictionary<string, string?> wanted) =>
        Describe(wanted.Select(pair => (pair.Key, pair.Value)));

    private static string Describe(IEnumerable<(string Setting, string? Value)> settings) =>
        string.Join(", ", settings.Select(s => $"{s.Setting}: {s.Value ?? "(absent)"}"));

    private bool IsOurs(IReadOnlyDictionary<string, string?> before, string setting, string? now)
    {
        if (now is null || !before.ContainsKey(setting) || before.GetValueOrDefault(Ours) is not { } ours)
        {
            return false;
        }

        // A setting of an earlier endpoint is its own name: being there is all that it says.
        return !wantedFor(ApiEndpoint.Parse(ours)).TryGetValue(setting, out var written) || written == now;
    }
}
