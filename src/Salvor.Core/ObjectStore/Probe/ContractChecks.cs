namespace Salvor.ObjectStore.Probe;

/// <summary>Reads, lists and deletes. A check returns null when it passed, else what was seen.</summary>
internal sealed class ContractChecks(IObjectStore store, ProbeObjects objects)
{
    private const int PartOffset = 3;

    public async Task<string?> PartAsync(CancellationToken ct)
    {
        var whole = objects.Content("a");
        var range = new ByteRange(PartOffset, 2);
        using var part = await store.GetAsync(objects.Name("a"), range, range.LengthBytes, ct);
        return part is not null && part.ObjectLengthBytes == whole.Length
            && part.Bytes.Span.SequenceEqual(whole.AsSpan(PartOffset, range.LengthBytes))
            ? null
            : "It gave back another part than was asked for.";
    }

    public async Task<string?> AbsentAsync(CancellationToken ct)
    {
        using var content = await store.GetAsync(objects.Name("absent"), range: null, bytesMax: 1, ct);
        return content is null ? null : "It gave back something that was never put.";
    }

    public async Task<string?> ListAsync(CancellationToken ct)
    {
        // '.' comes before '/', so that a store that sorts by directories is found out.
        ObjectName[] expected = [objects.Name("a"), objects.Name("b.c"), objects.Name("b/a"), objects.Name("c")];
        foreach (var name in expected.Skip(1).Reverse())
        {
            await objects.PutAsync(name, objects.Content(name.Value), PutCondition.None, ct);
        }

        var all = await store.ListAsync(objects.Prefix, null, ct).Select(i => i.Name).ToListAsync(ct);
        if (!all.SequenceEqual(expected))
        {
            return $"It lists {string.Join(", ", all)} where {string.Join(", ", expected)} are.";
        }

        var rest = await store.ListAsync(objects.Prefix, objects.Name("b.c").Value, ct).CountAsync(ct);
        return rest == 2 ? null : "It does not list from a given name on.";
    }

    public async Task<string?> DeleteAsync(CancellationToken ct)
    {
        await store.DeleteAsync(objects.Name("c"), ct);
        await store.DeleteAsync(objects.Name("absent"), ct);
        return await store.HeadAsync(objects.Name("c"), ct) is null ? null : "What was deleted is still there.";
    }

    /// <summary>Asks for unfinished uploads from before anybody made any, so that none is hit.</summary>
    public async Task<string?> UnfinishedAsync(CancellationToken ct)
    {
        await store.RemoveAbandonedAsync(DateTimeOffset.UnixEpoch, ct);
        return null;
    }
}
