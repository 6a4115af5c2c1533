using System.Buffers;
using System.Text.Json;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.ObjectStore;
using Salvor.Repository.Snapshots;

namespace Salvor.Repository.Keeping;

/// <summary>The prune plans of a repository.</summary>
internal sealed class PrunePlans(OpenRepository repository)
{
    /// <summary>A name takes some 70 bytes.</summary>
    private const int BytesMax = 64 << 20;

    /// <summary>What a writer may not use. To be read before anything else of an attempt.</summary>
    public async Task<CondemnedPacks> ReadCondemnedAsync(CancellationToken ct)
    {
        var plans = await ReadAsync(ct);
        var names = plans.SelectMany(plan => plan.Plan?.Packs ?? []).ToHashSet(StringComparer.Ordinal);
        return new CondemnedPacks(names, plans.TrueForAll(plan => plan.Plan is not null));
    }

    /// <summary>All plans. One that is gone when it is read is done, and left out.</summary>
    public async Task<List<StoredPlan>> ReadAsync(CancellationToken ct)
    {
        var plans = new List<StoredPlan>();
        await foreach (var info in repository.Store.ListAsync(RepositoryNames.Plans, startAfter: null, ct))
        {
            if (ObjectId.TryParse(info.Name.Value.AsSpan(RepositoryNames.Plans.Length), out _)
                && await ReadAsync(info, ct) is { } plan)
            {
                plans.Add(plan);
            }
        }

        return plans;
    }

    public async Task WriteAsync(PrunePlan plan, ObjectId id, CancellationToken ct)
    {
        var name = RepositoryNames.Plan(id);
        var content = JsonSerializer.SerializeToUtf8Bytes(plan, RepositoryJson.Default.PrunePlan);
        var sealedObject = repository.Sealer.Seal(ObjectKind.PrunePlan, name, content);
        await repository.Store.PutAsync(name, new ReadOnlySequence<byte>(sealedObject), PutCondition.None, ct);
    }

    private async Task<StoredPlan?> ReadAsync(ObjectInfo info, CancellationToken ct)
    {
        try
        {
            using var found = await repository.Store.GetAsync(info.Name, range: null, BytesMax, ct);
            if (found is null)
            {
                return null;
            }

            var content = repository.Sealer.Open(ObjectKind.PrunePlan, info.Name, found.Bytes, BytesMax);
            var plan = RepositoryJson.Read(info.Name.Value, content, RepositoryJson.Default.PrunePlan);
            return new StoredPlan(info.Name, info.Modified, plan);
        }
        catch (Exception e) when (e is CorruptDataException or SalvorException { Code: ErrorCode.Corrupt })
        {
            return new StoredPlan(info.Name, info.Modified, Plan: null);
        }
    }
}
