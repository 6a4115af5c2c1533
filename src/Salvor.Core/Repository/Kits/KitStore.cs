using System.Buffers;
using System.Text.Json;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.ObjectStore;
using Salvor.Repository.Snapshots;

namespace Salvor.Repository.Kits;

/// <summary>The kits of a timeline.</summary>
public sealed class KitStore(OpenRepository repository, TimelineId timeline)
{
    /// <summary>Stores a kit.</summary>
    /// <param name="kit">What was captured.</param>
    /// <param name="id">Its name, which nothing has yet.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<KitReference> PutAsync(KitDocument kit, ObjectId id, CancellationToken ct)
    {
        if (KitRules.FaultOf(kit) is { } fault)
        {
            throw new SalvorException(ErrorCode.Failed, $"The kit was changed while it was captured: {fault}.")
            {
                IsTransient = true,
                Hint = "Try again.",
            };
        }

        var name = RepositoryNames.Kit(timeline, id);
        var content = JsonSerializer.SerializeToUtf8Bytes(kit, RepositoryJson.Default.KitDocument);
        var sealedKit = repository.Sealer.Seal(ObjectKind.Kit, name, content);
        await repository.Store.PutAsync(name, new ReadOnlySequence<byte>(sealedKit), PutCondition.None, ct);
        return new KitReference(
            id.Value, KitFingerprint.Of(kit), kit.Entries.Length, [.. kit.Missing.Select(m => m.Path)]);
    }

    /// <exception cref="CorruptDataException">The object is not there, is damaged, or breaks a rule.</exception>
    public async Task<KitDocument> ReadAsync(KitReference reference, CancellationToken ct)
    {
        var name = ObjectId.TryParse(reference.Id, out var id)
            ? RepositoryNames.Kit(timeline, id)
            : throw new CorruptDataException("a snapshot", 0, $"it names a kit '{reference.Id}'");
        using var found = await repository.Store.GetAsync(name, range: null, KitRules.DocumentBytesMax, ct)
            ?? throw new CorruptDataException(name.Value, 0, "the kit is not in the store");
        var content = repository.Sealer.Open(ObjectKind.Kit, name, found.Bytes, KitRules.DocumentBytesMax);
        var kit = RepositoryJson.Read(name.Value, content, RepositoryJson.Default.KitDocument);
        if (KitRules.FaultOf(kit) is { } fault)
        {
            throw new CorruptDataException(name.Value, 0, fault);
        }

        return KitFingerprint.Of(kit) == reference.Fingerprint
            ? kit
            : throw new CorruptDataException(name.Value, 0, "it is not the kit that the snapshot names");
    }
}
