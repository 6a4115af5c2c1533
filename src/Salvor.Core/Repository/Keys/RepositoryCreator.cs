using System.Buffers;
using Salvor.Errors;
using Salvor.ObjectStore;
using Salvor.Platform;

namespace Salvor.Repository.Keys;

/// <summary>Makes a repository in a store that has none. What is there is never overwritten.</summary>
/// <remarks>
/// The first key slot comes before the descriptor, which is what makes it a repository: cut off in between, it is not
/// there, and can be made again.
/// </remarks>
public sealed class RepositoryCreator(IObjectStore store, ICpuPool pool, IEntropy entropy, TimeProvider time)
{
    private readonly RepositoryOpener _opener = new(store, pool);

    /// <summary>Looks whether a repository may be made here, before anything is.</summary>
    /// <exception cref="SalvorException">There is one, or something else.</exception>
    public async Task RequireFreeAsync(CancellationToken ct)
    {
        if (await _opener.TryReadDescriptorAsync(ct) is { } present)
        {
            throw Taken(present.Id);
        }

        if (await _opener.FindForeignObjectAsync(ct) is { } foreign)
        {
            throw new SalvorException(ErrorCode.TargetNotEmpty,
                $"{store.Location} holds something else, such as {foreign}; a repository needs a place of its own.")
            {
                Hint = "Name an empty directory, or another prefix in the bucket.",
            };
        }
    }

    /// <summary>Makes the repository, and opens it as anybody would: what was made can be opened.</summary>
    /// <param name="id">A new one, or the key file's.</param>
    /// <param name="secret">What will open it.</param>
    /// <param name="ct">Ends the work; what is left then is no repository.</param>
    public async Task<OpenedRepository> CreateAsync(RepositoryId id, SlotSecret secret, CancellationToken ct)
    {
        await RequireFreeAsync(ct);
        await PutFirstSlotAsync(id, secret, ct);
        var descriptor = new RepositoryDescriptor(id, time.GetUtcNow());
        var put = await store.PutAsync(RepositoryDescriptor.Name,
            new ReadOnlySequence<byte>(descriptor.Write()), PutCondition.IfAbsent, ct);
        return put.IsStored ? await _opener.OpenAsync(secret, ct) : throw Taken(id: null);
    }

    private async Task PutFirstSlotAsync(RepositoryId id, SlotSecret secret, CancellationToken ct)
    {
        using var key = RepositoryKey.New(entropy);
        var slot = await pool.Run(() => KeySlot.Wrap(id, key, secret, time.GetUtcNow(), entropy), ct);
        var name = KeySlots.First(id);
        var put = await store.PutAsync(
            name, new ReadOnlySequence<byte>(KeySlotJson.Write(slot)), PutCondition.IfAbsent, ct);
        if (put.IsStored)
        {
            return;
        }

        // Cut off before, with the same key file: its key is as good as ours, and only one may ever be used.
        var present = await KeySlots.TryReadAsync(store, name, ct);
        using var opened = present?.Slot is { } left ? await pool.Run(() => left.TryUnwrap(id, secret), ct) : null;
        if (opened is null)
        {
            throw new SalvorException(ErrorCode.WrongKey,
                $"{store.Location} holds the key slot of an 'init' that was cut off, and {secret} does not open it.")
            {
                Hint = $"Use what that 'init' used, or move the object {name} away.",
            };
        }
    }

    private SalvorException Taken(RepositoryId? id) =>
        new(ErrorCode.TargetNotEmpty, id is null
            ? $"Somebody else has just made a repository in {store.Location}."
            : $"There is a repository in {store.Location} already: {id}.")
        {
            Hint = "Nothing was changed. Use it with its key file or passphrase, or name another place.",
        };
}
