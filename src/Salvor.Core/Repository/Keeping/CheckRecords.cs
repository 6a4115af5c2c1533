using System.Text.Json;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.ObjectStore;

namespace Salvor.Repository.Keeping;

/// <summary>Which snapshots were found good by a check that read every page, as the records of checks tell.</summary>
public sealed class CheckRecords(OpenRepository repository)
{
    private const int BytesMax = 64 << 10;
    private const int Parallel = 8;
    private const int NameLength = (2 * ObjectId.Length) + 1;

    public async Task<IReadOnlySet<string>> ReadVerifiedAsync(TimelineId timeline, CancellationToken ct)
    {
        var folder = RepositoryNames.Checks(timeline);
        var records = new List<ObjectName>();
        await foreach (var info in repository.Store.ListAsync(folder, startAfter: null, ct))
        {
            if (info.Name.Value.Length == folder.Length + NameLength)
            {
                records.Add(info.Name);
            }
        }

        var verified = new HashSet<string>(StringComparer.Ordinal);
        foreach (var chunk in records.Chunk(Parallel))
        {
            var read = await Task.WhenAll(chunk.Select(name => IsOfEveryPageAsync(name, ct)));
            verified.UnionWith(chunk
                .Where((_, i) => read[i])
                .Select(name => name.Value.Substring(folder.Length, ObjectId.Length)));
        }

        return verified;
    }

    /// <summary>A record that can't be read, or is of another depth, proves nothing.</summary>
    private async Task<bool> IsOfEveryPageAsync(ObjectName name, CancellationToken ct)
    {
        try
        {
            using var found = await repository.Store.GetAsync(name, range: null, BytesMax, ct);
            if (found is null)
            {
                return false;
            }

            var content = repository.Sealer.Open(ObjectKind.Check, name, found.Bytes, BytesMax);
            using var json = JsonDocument.Parse(content);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("depth", out var depth)
                && depth.ValueKind == JsonValueKind.String
                && depth.ValueEquals("all");
        }
        catch (Exception e) when (e is CorruptDataException or JsonException or SalvorException { Code: ErrorCode.Corrupt })
        {
            return false;
        }
    }
}
