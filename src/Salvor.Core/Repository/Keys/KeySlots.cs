using System.Buffers;
using System.Globalization;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.ObjectStore;
using Salvor.Platform;

namespace Salvor.Repository.Keys;

/// <summary>The key slots of a repository: the objects under <c>keys/</c>.</summary>
public static class KeySlots
{
    /// <summary>What the names of all slots begin with.</summary>
    public const string Prefix = "keys/";

    /// <summary>More slots are not looked at: whoever can write to the store must not keep us busy for ever.</summary>
    public const int CountMax = 64;

    /// <summary>
    /// The slot that is made with the repository. Its name follows from the id, so that of two that make a repository
    /// with one key file only one can be the first: two slots must never wrap different keys for the same secret.
    /// </summary>
    public static ObjectName First(RepositoryId id) => new($"{Prefix}{id}");

    /// <summary>All slots, in the order of their names; those that can't be read too.</summary>
    public static async Task<IReadOnlyList<StoredKeySlot>> ReadAsync(IObjectStore store, CancellationToken ct)
    {
        var slots = new List<StoredKeySlot>();
        await foreach (var info in store.ListAsync(Prefix, startAfter: null, ct))
        {
            if (slots.Count == CountMax)
            {
                break;
            }

            if (await TryReadAsync(store, info.Name, ct) is { } slot)
            {
                slots.Add(slot);
            }
        }

        return slots;
    }

    /// <summary>One slot; null when there is none of that name.</summary>
    public static async Task<StoredKeySlot?> TryReadAsync(IObjectStore store, ObjectName name, CancellationToken ct)
    {
        try
        {
            using var content = await store.GetAsync(name, range: null, KeySlotJson.BytesMax, ct);
            return content is null
                ? null
                : new StoredKeySlot(name, KeySlotJson.Read($"{store.Location}: {name}", content.Bytes), Fault: null);
        }
        catch (CorruptDataException e)
        {
            return new StoredKeySlot(name, Slot: null, e.Fault);
        }
        catch (SalvorException e) when (e.Code == ErrorCode.Corrupt)
        {
            return new StoredKeySlot(name, Slot: null, e.Message);
        }
    }

    /// <summary>Adds a slot, so that one more secret opens the repository.</summary>
    /// <returns>The slot's name.</returns>
    public static async Task<ObjectName> AddAsync(
        OpenedRepository repository, SlotSecret secret, ICpuPool pool, IEntropy entropy, TimeProvider time,
        CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var slot = await pool.Run(() => KeySlot.Wrap(repository.Id, repository.Key, secret, now, entropy), ct);
        var name = NewName(now, entropy);
        var put = await repository.Store.PutAsync(
            name, new ReadOnlySequence<byte>(KeySlotJson.Write(slot)), PutCondition.IfAbsent, ct);
        return put.IsStored
            ? name
            : throw new SalvorException(ErrorCode.Failed, $"{name} in {repository.Store.Location} exists already.")
            {
                IsTransient = true,
                Hint = "Try again.",
            };
    }

    private static ObjectName NewName(DateTimeOffset now, IEntropy entropy)
    {
        Span<byte> chance = stackalloc byte[sizeof(uint)];
        entropy.Fill(chance);
        var milliseconds = now.ToUnixTimeMilliseconds() & 0xFFFF_FFFF_FFFF;
        return new ObjectName(string.Create(
            CultureInfo.InvariantCulture, $"{Prefix}{milliseconds:x12}{Convert.ToHexStringLower(chance)}"));
    }
}
