using System.Buffers;
using System.Text.Json;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.ObjectStore;
using Salvor.Platform;

namespace Salvor.Repository.Snapshots;

/// <summary>The records of checks in a timeline: <c>checks/SNAPSHOT-ID</c>. They are added and never changed.</summary>
public sealed class SnapshotChecks(OpenRepository repository, TimelineId timeline)
{
    private const int BytesMax = 64 << 10;
    private const int NameLength = (2 * ObjectId.Length) + 1;

    /// <summary>Whether the text is a record's name without its folder.</summary>
    public static bool IsCheck(ReadOnlySpan<char> text) =>
        text.Length == NameLength
        && text[ObjectId.Length] == '-'
        && ObjectId.TryParse(text[..ObjectId.Length], out _)
        && ObjectId.TryParse(text[(ObjectId.Length + 1)..], out _);

    public async Task RecordAsync(SnapshotCheck check, TimeProvider time, IEntropy entropy, CancellationToken ct)
    {
        if (!ObjectId.TryParse(check.Snapshot, out var snapshot))
        {
            throw new ArgumentException($"{check.Snapshot} is no id.", nameof(check));
        }

        var name = RepositoryNames.Check(timeline, snapshot, ObjectId.New(time, entropy));
        var content = JsonSerializer.SerializeToUtf8Bytes(check, RepositoryJson.Default.SnapshotCheck);
        var sealedObject = repository.Sealer.Seal(ObjectKind.Check, name, content);
        await repository.Store.PutAsync(name, new ReadOnlySequence<byte>(sealedObject), PutCondition.None, ct);
    }

    /// <summary>The newest record of each snapshot, by the snapshot's id. One that can't be read counts as none.</summary>
    public async Task<IReadOnlyDictionary<string, SnapshotCheck>> ReadNewestAsync(CancellationToken ct)
    {
        var newest = new Dictionary<string, ObjectName>(StringComparer.Ordinal);
        await foreach (var (snapshot, name) in ListAsync(ct))
        {
            newest[snapshot] = name; // Names come in order, and the later one is the newer.
        }

        var checks = new Dictionary<string, SnapshotCheck>(StringComparer.Ordinal);
        foreach (var (snapshot, name) in newest)
        {
            if (await TryReadAsync(name, ct) is { } check && check.Snapshot == snapshot)
            {
                checks.Add(snapshot, check);
            }
        }

        return checks;
    }

    /// <summary>All records of a snapshot, oldest first.</summary>
    public async Task<IReadOnlyList<SnapshotCheck>> ReadAsync(ObjectId snapshot, CancellationToken ct)
    {
        var checks = new List<SnapshotCheck>();
        await foreach (var (of, name) in ListAsync(ct))
        {
            if (of == snapshot.Value && await TryReadAsync(name, ct) is { } check && check.Snapshot == of)
            {
                checks.Add(check);
            }
        }

        return checks;
    }

    private async IAsyncEnumerable<(string Snapshot, ObjectName Name)> ListAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var folder = RepositoryNames.Checks(timeline);
        await foreach (var info in repository.Store.ListAsync(folder, startAfter: null, ct))
        {
            var text = info.Name.Value[folder.Length..];
            if (IsCheck(text))
            {
                yield return (text[..ObjectId.Length], info.Name);
            }
        }
    }

    private async Task<SnapshotCheck?> TryReadAsync(ObjectName name, CancellationToken ct)
    {
        try
        {
            using var found = await repository.Store.GetAsync(name, range: null, BytesMax, ct);
            return found is null
                ? null
                : RepositoryJson.Read(
                    name.Value,
                    repository.Sealer.Open(ObjectKind.Check, name, found.Bytes, BytesMax),
                    RepositoryJson.Default.SnapshotCheck);
        }
        catch (Exception e) when (e is CorruptDataException or
            SalvorException { Code: ErrorCode.Corrupt or ErrorCode.NewerFormat })
        {
            return null;
        }
    }
}
