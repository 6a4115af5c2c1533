using System.Text;
using System.Text.Json;
using Salvor.Errors;

namespace Salvor.Readiness.Protect.Machine;

/// <summary>What protect changed on a machine, with what was there before, so that it can be undone.</summary>
/// <remarks>
/// Written before the change: a crash between them leaves a record of a change that was not made, and undoing looks
/// first whether it was.
/// </remarks>
public sealed class ProtectionRecord(NodeFiles machine)
{
    public const string FilePath = "/var/lib/salvor/protect.json";

    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    /// <summary>The settings of an item that were changed, and what they were; null: it was not there.</summary>
    public IReadOnlyDictionary<string, string?> Of(string item) =>
        Load().Items.GetValueOrDefault(item) ?? new SortedDictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>Whether there is anything of the items whose names begin so.</summary>
    public bool HasAny(string prefix) =>
        Load().Items.Keys.Any(item => item.StartsWith(prefix, StringComparison.Ordinal));

    public void Remember(string item, IEnumerable<KeyValuePair<string, string?>> before)
    {
        var (file, items) = Load();
        if (!items.TryGetValue(item, out var settings))
        {
            items[item] = settings = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        }

        foreach (var (name, value) in before)
        {
            settings[name] = value;
        }

        Save(file, items);
    }

    public void Forget(string item)
    {
        var (file, items) = Load();
        if (items.Remove(item))
        {
            Save(file, items);
        }
    }

    private (NodeText? File, SortedDictionary<string, SortedDictionary<string, string?>> Items) Load()
    {
        var items = new SortedDictionary<string, SortedDictionary<string, string?>>(StringComparer.Ordinal);
        var file = machine.TryRead(FilePath);
        if (file is null)
        {
            return (null, items);
        }

        try
        {
            using var json = JsonDocument.Parse(file.Text);
            foreach (var item in json.RootElement.GetProperty("before").EnumerateObject())
            {
                items[item.Name] = new SortedDictionary<string, string?>(StringComparer.Ordinal);
                foreach (var setting in item.Value.EnumerateObject())
                {
                    items[item.Name][setting.Name] = setting.Value.GetString();
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new SalvorException(ErrorCode.WrongKind, $"{file.Path} is not as salvor protect wrote it.", e)
            {
                Hint = "It tells what --remove would undo. Move it away to go on without.",
            };
        }

        return (file, items);
    }

    private void Save(NodeText? old, SortedDictionary<string, SortedDictionary<string, string?>> items)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Indented))
        {
            json.WriteStartObject();
            json.WriteStartObject("before");
            foreach (var (item, settings) in items)
            {
                json.WriteStartObject(item);
                foreach (var (name, value) in settings)
                {
                    json.WriteString(name, value);
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        var text = Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
        if (old is null)
        {
            machine.Create(FilePath, text, NodeFiles.UsualFile);
        }
        else
        {
            machine.Replace(old, text);
        }
    }
}
