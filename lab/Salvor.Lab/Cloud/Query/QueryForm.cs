using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Salvor.Lab.Cloud.Model;

namespace Salvor.Lab.Cloud.Query;

/// <summary>The parameters of a query request: EC2's flat lists, CloudWatch's with <c>member</c>.</summary>
public sealed class QueryForm(ImmutableDictionary<string, string> values)
{
    private const int ValuesMax = 5_000;

    public ImmutableDictionary<string, string> Values => values;

    public static QueryForm Parse(byte[] body, string query)
    {
        var pairs = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var text = Encoding.UTF8.GetString(body) + "&" + query.TrimStart('?');
        foreach (var pair in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            pairs[Decode(parts[0])] = parts.Length == 2 ? Decode(parts[1]) : "";
            if (pairs.Count > ValuesMax)
            {
                throw new CloudException("InvalidParameterCombination", "The request has too many parameters.");
            }
        }

        return new QueryForm(pairs.ToImmutable());
    }

    public string? Get(string name) => values.GetValueOrDefault(name);

    public string Require(string name) => Get(name) ?? throw new CloudException(
        "MissingParameter", $"The request must contain the parameter {name}");

    public bool Flag(string name, bool otherwise = false) => Get(name) is { } text
        ? bool.TryParse(text, out var flag) ? flag : throw Invalid(name, text)
        : otherwise;

    public int? Number(string name) => Get(name) is { } text
        ? int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : throw Invalid(name, text)
        : null;

    public double Real(string name) =>
        double.TryParse(Require(name), CultureInfo.InvariantCulture, out var number)
            ? number : throw Invalid(name, Require(name));

    public DateTimeOffset Time(string name) =>
        DateTimeOffset.TryParse(
            Require(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time : throw Invalid(name, Require(name));

    public IReadOnlyList<string> List(string name)
    {
        var list = new List<string>();
        while (Get($"{name}.{list.Count + 1}") is { } value)
        {
            list.Add(value);
        }

        return list;
    }

    public IReadOnlyList<string> RequireList(string name) =>
        List(name) is { Count: > 0 } list ? list : throw new CloudException(
            "MissingParameter", $"The request must contain the parameter {name}");

    /// <summary>The structures of a list, such as each <c>Filter.N</c> with the names below it.</summary>
    public IEnumerable<QueryForm> Items(string name)
    {
        for (var i = 1; Under($"{name}.{i}") is { Values.Count: > 0 } item; i++)
        {
            yield return item;
        }
    }

    public QueryForm Under(string name) => new(values
        .Where(one => one.Key.StartsWith(name + ".", StringComparison.Ordinal))
        .ToImmutableDictionary(one => one.Key[(name.Length + 1)..], one => one.Value));

    public ImmutableDictionary<string, string> Pairs(string list, string key = "Key") => Items(list)
        .DistinctBy(one => one.Require(key)).ToImmutableDictionary(
            one => one.Require(key), one => one.Get("Value") ?? "");

    /// <summary>The tags that TagSpecification has for one kind of resource.</summary>
    public ImmutableDictionary<string, string> TagsFor(string kind) => Items("TagSpecification")
        .FirstOrDefault(one => one.Get("ResourceType") == kind)?.Pairs("Tag")
        ?? ImmutableDictionary<string, string>.Empty;

    /// <summary>All that decides what a token's order is: one text for equal orders.</summary>
    public string Fingerprint() => string.Join('&', values
        .OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}={one.Value}"));

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static CloudException Invalid(string name, string text) =>
        new("InvalidParameterValue", $"Value ({text}) for parameter {name} is invalid.");
}
