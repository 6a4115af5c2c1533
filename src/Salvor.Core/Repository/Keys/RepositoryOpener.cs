using Salvor.Errors;
using Salvor.ObjectStore;
using Salvor.Platform;

namespace Salvor.Repository.Keys;

/// <summary>Opens a repository with what an operator holds, or says plainly why that can't be.</summary>
public sealed class RepositoryOpener(IObjectStore store, ICpuPool pool)
{
    private const string NoRepositoryHint =
        "Check the place, and with a bucket the prefix: 'salvor init' makes a repository, where there is none.";

    /// <summary>Reads the descriptor and unwraps the key.</summary>
    /// <exception cref="SalvorException">
    /// There is no repository (<see cref="ErrorCode.NoRepository"/>), a newer one
    /// (<see cref="ErrorCode.NewerFormat"/>), or the secret does not open it (<see cref="ErrorCode.WrongKey"/>).
    /// </exception>
    /// <exception cref="Formats.CorruptDataException">The descriptor is damaged.</exception>
    public async Task<OpenedRepository> OpenAsync(SlotSecret secret, CancellationToken ct)
    {
        var descriptor = await ReadDescriptorAsync(ct);
        if (secret is KeyFile file && file.RepositoryId != descriptor.Id)
        {
            throw new SalvorException(ErrorCode.WrongKey,
                $"{Sentence(secret)} belongs to the repository {file.RepositoryId}, and in {store.Location} is the "
                + $"repository {descriptor.Id}.")
            {
                Hint = "Name the key file that was made with this repository, or the place of the other one.",
            };
        }

        var slots = await KeySlots.ReadAsync(store, ct);
        foreach (var (name, slot, _) in slots)
        {
            if (slot is not null && await pool.Run(() => slot.TryUnwrap(descriptor.Id, secret), ct) is { } key)
            {
                return new OpenedRepository(store, descriptor, key, name);
            }
        }

        throw NotOpened(secret, slots);
    }

    /// <summary>What the repository says of itself without any key.</summary>
    public async Task<RepositoryDescriptor> ReadDescriptorAsync(CancellationToken ct) =>
        await TryReadDescriptorAsync(ct) ?? throw await NoRepositoryAsync(ct);

    /// <summary>The descriptor; null when there is none.</summary>
    internal async Task<RepositoryDescriptor?> TryReadDescriptorAsync(CancellationToken ct)
    {
        var name = RepositoryDescriptor.Name;
        using var content = await store.GetAsync(name, range: null, RepositoryDescriptor.BytesMax, ct);
        return content is null ? null : RepositoryDescriptor.Read($"{store.Location}: {name}", content.Bytes);
    }

    /// <summary>An object that no cut-off making of a repository leaves behind; null when there is none.</summary>
    internal async Task<ObjectName?> FindForeignObjectAsync(CancellationToken ct)
    {
        await foreach (var info in store.ListAsync(prefix: "", startAfter: null, ct))
        {
            if (!info.Name.Value.StartsWith(KeySlots.Prefix, StringComparison.Ordinal))
            {
                return info.Name;
            }
        }

        return null;
    }

    private static string Sentence(SlotSecret secret) =>
        char.ToUpperInvariant(secret.Description[0]) + secret.Description[1..];

    private async Task<SalvorException> NoRepositoryAsync(CancellationToken ct)
    {
        if (await FindForeignObjectAsync(ct) is { } foreign)
        {
            return new SalvorException(ErrorCode.NoRepository,
                $"There is no repository in {store.Location}, but there is something else, such as {foreign}.")
            {
                Hint = NoRepositoryHint,
            };
        }

        var isBegun = (await KeySlots.ReadAsync(store, ct)).Count > 0;
        return new SalvorException(ErrorCode.NoRepository, isBegun
            ? $"There is no repository in {store.Location} yet: 'salvor init' was cut off there."
            : $"There is no repository in {store.Location}: it is empty.")
        {
            Hint = isBegun ? "Run 'salvor init' again." : NoRepositoryHint,
        };
    }

    private SalvorException NotOpened(SlotSecret secret, IReadOnlyList<StoredKeySlot> slots)
    {
        if (slots.Count == 0)
        {
            return new SalvorException(ErrorCode.Corrupt, $"The repository in {store.Location} has no key slot left.")
            {
                Hint = "Nothing can open it as it is. Bring the objects under keys/ back, from the bucket's versions "
                    + "or another copy of the directory.",
            };
        }

        var kinds = slots.Where(s => s.Slot is not null).Select(s => s.Slot!.Kind).Distinct().Order().ToList();
        var faults = slots.Where(s => s.Fault is not null).Select(s => $" {s.Name} can't be read: {s.Fault}.");
        var count = slots.Count == 1 ? "the one key slot" : $"any of the {slots.Count} key slots";
        return new SalvorException(ErrorCode.WrongKey,
            $"{Sentence(secret)} does not open {count} of the repository in {store.Location}.{string.Concat(faults)}")
        {
            Hint = kinds.Count == 0
                ? "No slot is of a kind that this salvor knows."
                : $"What opens it: {string.Join(", ", kinds.Select(k => $"a {k.Replace('-', ' ')}"))}. "
                    + "Nothing was changed.",
        };
    }
}
