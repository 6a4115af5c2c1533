using System.Security.Cryptography;
using Salvor.Errors;
using Salvor.ObjectStore;
using Salvor.Platform;

namespace Salvor.Repository.Keys;

/// <summary>Adds a slot to a repository, and proves that it opens before anybody relies on it.</summary>
/// <remarks>Cut off after the put, the slot is there and good: the same call finds that its secret opens it.</remarks>
public sealed class SlotAddition(ICpuPool pool, IEntropy entropy, TimeProvider time)
{
    /// <param name="repository">Opened with a present secret.</param>
    /// <param name="secret">The new one, as it will be loaded later: from its file.</param>
    /// <param name="ct">Ends the work.</param>
    /// <exception cref="SalvorException">It can't be added, or does not open what it should.</exception>
    public async Task<AddedSlot> RunAsync(OpenedRepository repository, SlotSecret secret, CancellationToken ct)
    {
        if (await TryProveAsync(repository, secret, ct) is { } present)
        {
            return new AddedSlot(present, IsNew: false);
        }

        // Beyond that number no slot is looked at, so one more would open nothing.
        if ((await KeySlots.ReadAsync(repository.Store, ct)).Count >= KeySlots.CountMax)
        {
            throw new SalvorException(ErrorCode.Failed,
                $"{repository.Store.Location} has {KeySlots.CountMax} key slots, and takes no more.")
            {
                Hint = "Delete the object of a slot that nobody needs, with the store's own tools: salvor key list.",
            };
        }

        var added = await KeySlots.AddAsync(repository, secret, pool, entropy, time, ct);
        return await TryProveAsync(repository, secret, ct) == added
            ? new AddedSlot(added, IsNew: true)
            : throw new SalvorException(ErrorCode.StoreRefused,
                $"The slot {added} was put into {repository.Store.Location}, and {secret} does not open it.")
            {
                Hint = "Rely on the present key only, and look at the store: salvor repo probe.",
            };
    }

    /// <summary>Opens the repository with a secret, as anybody would.</summary>
    /// <returns>The slot that it opens; null for none.</returns>
    private async Task<ObjectName?> TryProveAsync(OpenedRepository repository, SlotSecret secret, CancellationToken ct)
    {
        try
        {
            var opener = new RepositoryOpener(repository.Store, pool);
            using var opened = await opener.OpenAsync(secret, ct);
            return CryptographicOperations.FixedTimeEquals(opened.Key.Bytes, repository.Key.Bytes)
                ? opened.Slot
                : throw new SalvorException(ErrorCode.Corrupt,
                    $"The slot {opened.Slot} of {repository.Store.Location} holds another key than "
                    + $"{repository.Slot}.")
                {
                    Hint = "No salvor writes that: find out who did before anything else is stored.",
                };
        }
        catch (SalvorException e) when (e.Code == ErrorCode.WrongKey && !IsOfAnother(repository, secret))
        {
            return null;
        }
    }

    private static bool IsOfAnother(OpenedRepository repository, SlotSecret secret) =>
        secret is KeyFile file && file.RepositoryId != repository.Id;
}
