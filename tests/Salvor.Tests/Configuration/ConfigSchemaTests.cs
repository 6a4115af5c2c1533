using System.Text;
using System.Text.Json;
using Salvor.Configuration;
using Salvor.Errors;
using Salvor.Tests.Support;

namespace Salvor.Tests.Configuration;

/// <summary>The schema that editors use, held to the code that reads the file.</summary>
public sealed class ConfigSchemaTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse(
        File.ReadAllText(Path.Combine(RepositoryRoot.FullName, "docs", "config.schema.json"))).RootElement;

    [Fact]
    public void Schema_and_binder_know_the_same_keys()
    {
        var known = new SortedSet<string>(StringComparer.Ordinal);
        ConfigBinder.Bind(root: null, new ConfigFaults(), known);

        Assert.Equal(known, new SortedSet<string>(Keys("", Schema).Select(k => k.Path), StringComparer.Ordinal));
    }

    [Fact]
    public void Every_key_is_described_and_every_section_is_closed()
    {
        foreach (var (path, key) in Keys("", Schema))
        {
            Assert.True(key.TryGetProperty("description", out _), path);
            Assert.True(!key.TryGetProperty("properties", out _)
                || !key.GetProperty("additionalProperties").GetBoolean(), path);
        }
    }

    [Fact]
    public void Ranges_of_numbers_and_their_defaults_are_the_same()
    {
        foreach (var (path, key) in Keys("", Schema).Where(k => k.Key.GetProperty("type").GetString() == "integer"))
        {
            var (least, greatest) = (key.GetProperty("minimum").GetInt64(), key.GetProperty("maximum").GetInt64());
            Assert.Empty(FaultsOf(path, least));
            Assert.Empty(FaultsOf(path, greatest));
            Assert.Empty(FaultsOf(path, key.GetProperty("default").GetInt64()));
            Assert.Contains($"{path}: {least - 1} is outside {least}..{greatest}.", FaultsOf(path, least - 1));
            Assert.Contains($"{path}: {greatest + 1} is outside {least}..{greatest}.", FaultsOf(path, greatest + 1));
        }
    }

    private static string FaultsOf(string path, long value)
    {
        var parts = path.Split('.');
        var yaml = string.Concat(parts.Select((part, depth) => $"{new string(' ', 2 * depth)}{part}:"
            + (depth == parts.Length - 1 ? $" {value}\n" : "\n")));
        try
        {
            ConfigBinder.Load(new MemoryFiles().With("/c", Encoding.UTF8.GetBytes(yaml)), "/c");
            return "";
        }
        catch (SalvorException e)
        {
            return e.Message;
        }
    }

    private static IEnumerable<(string Path, JsonElement Key)> Keys(string above, JsonElement section)
    {
        foreach (var property in section.GetProperty("properties").EnumerateObject())
        {
            var path = above.Length == 0 ? property.Name : $"{above}.{property.Name}";
            yield return (path, property.Value);
            foreach (var below in property.Value.TryGetProperty("properties", out _) ? Keys(path, property.Value) : [])
            {
                yield return below;
            }
        }
    }
}
