using System.IO.Enumeration;
using System.Xml.Linq;
using Salvor.Lab.Cloud.Model;

namespace Salvor.Lab.Cloud.Query;

/// <summary>Filters and pages, the same for each describe.</summary>
public static class Filters
{
    /// <summary>Takes what every filter names; a filter that the resource does not know is refused.</summary>
    public static IEnumerable<T> Filter<T>(
        this IEnumerable<T> all, QueryForm form, Func<T, IReadOnlyDictionary<string, string>> tags,
        Func<T, string, string?> field)
    {
        foreach (var filter in form.Items("Filter"))
        {
            var name = filter.Require("Name");
            var values = filter.RequireList("Value");
            all = all.Where(one => Matches(one, name, values)).ToList();
        }

        return all;

        bool Matches(T one, string name, IReadOnlyList<string> values)
        {
            if (name == "tag-key")
            {
                return tags(one).Keys.Any(key => IsOneOf(key, values));
            }

            var value = name.StartsWith("tag:", StringComparison.Ordinal)
                ? tags(one).GetValueOrDefault(name[4..])
                : field(one, name) ?? throw new CloudException(
                    "InvalidParameterValue", $"The filter '{name}' is invalid");
            return value is not null && IsOneOf(value, values);
        }
    }

    /// <summary>One page of a set, and the token of the next; the token is where it starts.</summary>
    public static IEnumerable<XElement> Page(
        QueryForm form, string set, IReadOnlyCollection<XElement> items, string max = "MaxResults")
    {
        var start = form.Number("NextToken") ?? 0;
        var count = form.Number(max) ?? int.MaxValue;
        if (start < 0 || count < 1)
        {
            throw new CloudException("InvalidParameterValue", $"{max} or NextToken is out of its bounds.");
        }

        yield return Xml.Set(set, items.Skip(start).Take(count));
        if (items.Count - start > count)
        {
            yield return Xml.Of("NextToken", start + count).Renamed(max == "MaxResults" ? "nextToken" : "NextToken");
        }
    }

    private static XElement Renamed(this XElement element, string name)
    {
        element.Name = name;
        return element;
    }

    private static bool IsOneOf(string value, IReadOnlyList<string> patterns) =>
        patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, value, ignoreCase: false));
}
