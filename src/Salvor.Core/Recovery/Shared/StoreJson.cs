using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.ObjectStore;
using Salvor.Repository;

namespace Salvor.Recovery.Shared;

/// <summary>Small sealed JSON objects, which guards and agents read, put, and exchange by condition.</summary>
/// <remarks>
/// Sealed as all of a repository's objects are: bound to the repository and to the name. These names, unlike others,
/// see several contents, so a store that lies could show an old one; what is stored by condition it can't bring back.
/// No two writes have the same bytes, even of the same value: each sealing has its own salt. So a tag never repeats,
/// and whoever reads the bytes that it sealed knows that it is its own write.
/// </remarks>
public sealed class StoreJson(OpenRepository repository)
{
    /// <summary>The longest JSON text. Whatever is longer does not belong here.</summary>
    public const int ContentBytesMax = 64 << 10;

    private const int ObjectBytesMax =
        ContentBytesMax + SealedLayout.HeaderBytes + SealedLayout.FrameOverheadBytes;

    /// <summary>The store for people and in errors.</summary>
    public string Location => repository.Store.Location;

    /// <summary>An object's value; null when there is none of that name.</summary>
    /// <exception cref="CorruptDataException">It is damaged, or not what belongs there.</exception>
    public async Task<StoredJson<T>?> ReadAsync<T>(ObjectName name, JsonTypeInfo<T> type, CancellationToken ct)
        where T : class
    {
        using var found = await repository.Store.GetAsync(name, range: null, ObjectBytesMax, ct);
        if (found is null)
        {
            return null;
        }

        var content = repository.Sealer.Open(ObjectKind.Recovery, name, found.Bytes, ContentBytesMax);
        return new StoredJson<T>(Parse(name, content, type), TagOf(name, found.Tag));
    }

    /// <summary>Makes the object that is to be written. Sealed once and written twice, it is one write.</summary>
    public ReadOnlyMemory<byte> Seal<T>(ObjectName name, T value, JsonTypeInfo<T> type)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(value, type);
        return content.Length <= ContentBytesMax
            ? repository.Sealer.Seal(ObjectKind.Recovery, name, content)
            : throw new SalvorException(ErrorCode.Failed,
                $"{name} would have {content.Length} bytes of text; at most {ContentBytesMax} are stored.");
    }

    /// <summary>Writes an object on a condition.</summary>
    /// <exception cref="SalvorException">The store refused for good, by its credentials or policy.</exception>
    public async Task<JsonWrite> WriteAsync(
        ObjectName name, ReadOnlyMemory<byte> sealedObject, PutCondition condition, CancellationToken ct)
    {
        try
        {
            var put = await repository.Store.PutAsync(
                name, new ReadOnlySequence<byte>(sealedObject), condition, ct);
            return put.IsStored
                ? new JsonWrite(WriteOutcome.Written, TagOf(name, put.Tag), Fault: null)
                : new JsonWrite(WriteOutcome.Refused, Tag: null, Fault: null);
        }
        catch (SalvorException e) when (e.IsTransient)
        {
            return new JsonWrite(WriteOutcome.Unknown, Tag: null, e);
        }
    }

    /// <summary>Seals and writes.</summary>
    public Task<JsonWrite> WriteAsync<T>(
        ObjectName name, T value, JsonTypeInfo<T> type, PutCondition condition, CancellationToken ct) =>
        WriteAsync(name, Seal(name, value, type), condition, ct);

    /// <summary>Whether the name holds just this write; null when it holds nothing.</summary>
    public async Task<bool?> HoldsAsync(ObjectName name, ReadOnlyMemory<byte> sealedObject, CancellationToken ct)
    {
        using var found = await repository.Store.GetAsync(name, range: null, ObjectBytesMax, ct);
        return found?.Bytes.Span.SequenceEqual(sealedObject.Span);
    }

    public async Task<bool> IsThereAsync(ObjectName name, CancellationToken ct) =>
        await repository.Store.HeadAsync(name, ct) is not null;

    /// <summary>The names that begin with the prefix, in order. A list may lag: only a read proves.</summary>
    /// <exception cref="SalvorException">There are more than anybody could have made in good faith.</exception>
    public async Task<IReadOnlyList<ObjectName>> ListAsync(string prefix, int countMax, CancellationToken ct)
    {
        var names = new List<ObjectName>();
        await foreach (var info in repository.Store.ListAsync(prefix, startAfter: null, ct))
        {
            if (names.Count == countMax)
            {
                throw new SalvorException(ErrorCode.Corrupt,
                    $"{Location} has more than {countMax} objects under {prefix}.")
                {
                    Hint = "Something else writes there: look at the objects, and move away what is not Salvor's.",
                };
            }

            names.Add(info.Name);
        }

        return names;
    }

    private static T Parse<T>(ObjectName name, byte[] content, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(content, type)
                ?? throw new CorruptDataException(name.Value, 0, "its content is null");
        }
        catch (JsonException e)
        {
            throw new CorruptDataException(name.Value, e.BytePositionInLine ?? 0,
                $"its content is not what belongs there: {e.Message}");
        }
    }

    private ObjectTag TagOf(ObjectName name, ObjectTag? tag) =>
        tag ?? throw new SalvorException(ErrorCode.StoreRefused, $"{Location} gives {name} no tag.")
        {
            Hint = "Without tags nothing can be changed by condition: see 'salvor repo probe'.",
        };
}
