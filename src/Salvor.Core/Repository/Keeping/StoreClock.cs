using System.Buffers;
using System.Text;
using Salvor.Errors;
using Salvor.ObjectStore;
using Salvor.Platform;

namespace Salvor.Repository.Keeping;

/// <summary>Reads the store's clock: puts an object, and looks when the store says that it was stored.</summary>
/// <remarks>
/// No rule of deletion depends on this machine's clock: two machines may disagree by any time, and what is 24 hours old
/// is so for both.
/// </remarks>
internal sealed class StoreClock(IObjectStore store, IEntropy entropy, TimeProvider time)
{
    private static readonly TimeSpan LeftBehind = TimeSpan.FromHours(24);

    private static readonly byte[] Content = Encoding.ASCII.GetBytes("salvor prune reads the store's clock by this.\n");

    public async Task<DateTimeOffset> ReadAsync(CancellationToken ct)
    {
        var name = RepositoryNames.Clock(ObjectId.New(time, entropy));
        await store.PutAsync(name, new ReadOnlySequence<byte>(Content), PutCondition.IfAbsent, ct);
        var found = await store.HeadAsync(name, ct)
            ?? throw new SalvorException(ErrorCode.Failed, $"{store.Location} lost {name} as soon as it was stored.")
            {
                Hint = "Nothing was pruned. salvor repo probe tells whether the store keeps its promises.",
            };
        await store.DeleteAsync(name, ct);
        var old = new List<ObjectName>();
        await foreach (var info in store.ListAsync(RepositoryNames.Clocks, startAfter: null, ct))
        {
            if (info.Modified < found.Modified - LeftBehind)
            {
                old.Add(info.Name);
            }
        }

        foreach (var left in old)
        {
            await store.DeleteAsync(left, ct);
        }

        return found.Modified;
    }
}
