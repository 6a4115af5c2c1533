using System.Buffers;
using Salvor.Errors;
using Salvor.ObjectStore;

namespace Salvor.Tests.Shared;

/// <summary>What every store must do, whatever it is made of. A class per store derives from this one.</summary>
public abstract class ObjectStoreContract : IAsyncLifetime
{
    private const int WritersRacing = 16;

    private IObjectStore? _store;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Large enough that the store does whatever it does with large objects.</summary>
    protected virtual int LargeBytes => 3 << 20;

    private IObjectStore Store => _store ?? throw new InvalidOperationException("The store is not open.");

    public async ValueTask InitializeAsync() => _store = await OpenAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_is_put_is_what_is_got()
    {
        foreach (var length in new[] { 0, 1, 4096, 100_000, LargeBytes })
        {
            var content = Content(length, seed: length);
            var result = await PutAsync($"size/of-{length}", content);
            Assert.True(result.IsStored);

            using var read = await Store.GetAsync(new($"size/of-{length}"), null, int.MaxValue, Ct);
            Assert.NotNull(read);
            Assert.True(read.Bytes.Span.SequenceEqual(content));
            Assert.Equal(length, read.ObjectLengthBytes);
            Assert.Equal(result.Tag, read.Tag);
            Assert.True(length > StoreLimits.TaggedBytesMax || read.Tag is not null);
        }
    }

    [Fact]
    public async Task Content_in_pieces_is_stored_in_one()
    {
        var content = Content(50_000, seed: 1);
        await Store.PutAsync(new("pieces"), Pieces(content, 7_001), PutCondition.None, Ct);

        Assert.Equal(content, await ReadAsync("pieces"));
    }

    [Fact]
    public async Task Nothing_is_there_until_it_is_put()
    {
        Assert.Null(await Store.GetAsync(new("absent"), null, 10, Ct));
        Assert.Null(await Store.GetAsync(new("absent/too"), new ByteRange(5, 5), 10, Ct));
        Assert.Null(await Store.HeadAsync(new("absent"), Ct));
        await Store.DeleteAsync(new("absent"), Ct);
        Assert.Empty(await ListAsync(""));
        Assert.Empty(await ListAsync("absent/"));
    }

    [Fact]
    public async Task Put_without_condition_replaces()
    {
        var first = await PutAsync("pointer", [1, 2, 3]);
        var second = await PutAsync("pointer", [4, 5]);

        Assert.True(second.IsStored);
        Assert.NotEqual(first.Tag, second.Tag);
        Assert.Equal([4, 5], await ReadAsync("pointer"));
    }

    [Fact]
    public async Task Parts_are_read_and_what_lies_past_the_end_is_left_out()
    {
        var content = Content(10_000, seed: 2);
        await PutAsync("pack", content);
        foreach (var (offset, length) in new[] { (0, 1), (0, 10_000), (9_999, 1), (5_000, 100), (9_000, 5_000) })
        {
            using var part = await Store.GetAsync(new("pack"), new ByteRange(offset, length), length, Ct);
            Assert.NotNull(part);
            Assert.True(part.Bytes.Span.SequenceEqual(content.AsSpan(offset, Math.Min(length, 10_000 - offset))));
            Assert.Equal(10_000, part.ObjectLengthBytes);
        }

        using var beyond = await Store.GetAsync(new("pack"), new ByteRange(10_000, 10), 10, Ct);
        Assert.NotNull(beyond);
        Assert.Equal(0, beyond.Bytes.Length);
        Assert.Equal(10_000, beyond.ObjectLengthBytes);
    }

    [Fact]
    public async Task More_than_the_caller_is_ready_for_is_refused()
    {
        await PutAsync("long", Content(1_000, seed: 3));

        var error = await Assert.ThrowsAsync<SalvorException>(() => Store.GetAsync(new("long"), null, 999, Ct));
        Assert.Equal(ErrorCode.Corrupt, error.Code);
        Assert.False(error.IsTransient);
        using var whole = await Store.GetAsync(new("long"), null, 1_000, Ct);
        using var part = await Store.GetAsync(new("long"), new ByteRange(990, 100), 10, Ct);
        Assert.Equal(1_000, whole!.Bytes.Length);
        Assert.Equal(10, part!.Bytes.Length);
    }

    [Fact]
    public async Task Head_and_list_tell_length_and_tag()
    {
        var put = await PutAsync("some/object", Content(777, seed: 4));

        var head = await Store.HeadAsync(new("some/object"), Ct);
        var listed = Assert.Single(await Store.ListAsync("", null, Ct).ToListAsync(Ct));
        foreach (var info in new[] { head!, listed })
        {
            Assert.Equal("some/object", info.Name.Value);
            Assert.Equal(777, info.LengthBytes);
            Assert.True(info.Tag is null || info.Tag == put.Tag);
            Assert.InRange(info.Modified, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
        }
    }

    [Fact]
    public async Task Lists_are_in_ordinal_order_of_whole_names()
    {
        string[] names = ["a-b", "a.b", "a/b", "a/c/d", "a/c-d", "a0", "b", "b_", "packs/00/x", "packs/01/x", "packs2"];
        foreach (var name in names.Reverse())
        {
            await PutAsync(name, [1]);
        }

        Assert.Equal(names.Order(StringComparer.Ordinal), await ListAsync(""));
        foreach (var prefix in new[] { "a", "a/", "a/c", "a/c/", "packs", "packs/", "packs/0", "packs/01/x", "z" })
        {
            Assert.Equal(
                names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal),
                await ListAsync(prefix));
        }

        foreach (var start in names.Concat(["a", "a/", "a/c", "a/c.", "packs/", "packs/00", "zz"]))
        {
            Assert.Equal(
                names.Where(n => string.CompareOrdinal(n, start) > 0).Order(StringComparer.Ordinal),
                await ListAsync("", start));
        }

        Assert.Equal(["packs/01/x"], await ListAsync("packs/", "packs/00/x"));
    }

    [Fact]
    public async Task Deleted_objects_are_gone_and_may_come_back()
    {
        await PutAsync("a/b", [1]);
        await Store.DeleteAsync(new("a/b"), Ct);
        await Store.DeleteAsync(new("a/b"), Ct);
        Assert.Null(await Store.HeadAsync(new("a/b"), Ct));
        Assert.Empty(await ListAsync(""));

        Assert.True((await PutAsync("a/b", [2], PutCondition.IfAbsent)).IsStored);
        Assert.Equal([2], await ReadAsync("a/b"));
    }

    [Fact]
    public async Task If_absent_stores_once()
    {
        Assert.True((await PutAsync("once", [1], PutCondition.IfAbsent)).IsStored);
        Assert.Equal(PutResult.ConditionNotMet, await PutAsync("once", [2], PutCondition.IfAbsent));
        Assert.Equal([1], await ReadAsync("once"));
    }

    [Fact]
    public async Task If_match_stores_over_the_content_with_that_tag_only()
    {
        var first = await PutAsync("lease", [1]);
        var second = await PutAsync("lease", [2], PutCondition.IfMatch(first.Tag!.Value));
        Assert.True(second.IsStored);

        Assert.False((await PutAsync("lease", [3], PutCondition.IfMatch(first.Tag!.Value))).IsStored);
        Assert.Equal([2], await ReadAsync("lease"));
        using (var read = await Store.GetAsync(new("lease"), null, 10, Ct))
        {
            Assert.Equal(second.Tag, read!.Tag);
        }

        await Store.DeleteAsync(new("lease"), Ct);
        Assert.False((await PutAsync("lease", [3], PutCondition.IfMatch(second.Tag!.Value))).IsStored);
        Assert.Null(await Store.HeadAsync(new("lease"), Ct));
    }

    [Fact]
    public async Task Of_writers_that_race_for_a_name_one_wins()
    {
        for (var round = 0; round < 5; round++)
        {
            var name = $"race/{round}";
            var winner = await RaceAsync(name, PutCondition.IfAbsent);
            Assert.Equal([winner], await ReadAsync(name));
        }
    }

    [Fact]
    public async Task Of_writers_that_race_over_a_tag_one_wins()
    {
        var tag = (await PutAsync("lease", [255])).Tag!.Value;
        for (var round = 0; round < 5; round++)
        {
            var winner = await RaceAsync("lease", PutCondition.IfMatch(tag));
            using var read = await Store.GetAsync(new("lease"), null, 10, Ct);
            Assert.Equal([winner], read!.Bytes.ToArray());
            // The next round's writers write other bytes, as everybody must who changes something by condition.
            tag = (await PutAsync("lease", [(byte)(100 + round)], PutCondition.IfMatch(read.Tag!.Value))).Tag!.Value;
        }
    }

    [Fact]
    public async Task Readers_see_whole_contents_only()
    {
        var (ones, twos) = (Enumerable.Repeat((byte)1, 70_000).ToArray(), Enumerable.Repeat((byte)2, 50_000).ToArray());
        await PutAsync("pointer", ones);
        var writer = Task.Run(
            async () =>
            {
                for (var i = 0; i < 40; i++)
                {
                    await PutAsync("pointer", i % 2 == 0 ? twos : ones);
                }
            },
            Ct);
        while (!writer.IsCompleted)
        {
            var content = await ReadAsync("pointer");
            Assert.True(content.AsSpan().SequenceEqual(ones) || content.AsSpan().SequenceEqual(twos));
        }

        await writer;
    }

    [Fact]
    public async Task Housekeeping_leaves_objects_alone()
    {
        await PutAsync("kept/object", [1]);
        await Store.RemoveAbandonedAsync(DateTimeOffset.UtcNow.AddDays(1), Ct);
        Assert.Equal(["kept/object"], await ListAsync(""));
        Assert.Equal([1], await ReadAsync("kept/object"));
    }

    /// <summary>An empty store.</summary>
    protected abstract Task<IObjectStore> OpenAsync();

    private async Task<byte> RaceAsync(string name, PutCondition condition)
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var writers = Enumerable.Range(0, WritersRacing).Select(async writer =>
        {
            await start.Task;
            return (await PutAsync(name, [(byte)writer], condition)).IsStored;
        }).ToList();
        start.SetResult();
        var results = await Task.WhenAll(writers);
        Assert.Equal(1, results.Count(isStored => isStored));
        return (byte)Array.IndexOf(results, true);
    }

    private Task<PutResult> PutAsync(string name, byte[] content, PutCondition condition = default) =>
        Store.PutAsync(new(name), new ReadOnlySequence<byte>(content), condition, Ct);

    private async Task<byte[]> ReadAsync(string name)
    {
        using var content = await Store.GetAsync(new(name), null, int.MaxValue, Ct);
        return content?.Bytes.ToArray() ?? throw new InvalidOperationException($"{name} is not there.");
    }

    private async Task<List<string>> ListAsync(string prefix, string? startAfter = null) =>
        await Store.ListAsync(prefix, startAfter, Ct).Select(i => i.Name.Value).ToListAsync(Ct);

    private static ReadOnlySequence<byte> Pieces(byte[] content, int pieceBytes)
    {
        var first = new SequencePiece(content.AsMemory(0, pieceBytes), runningIndex: 0);
        var last = first;
        for (var offset = pieceBytes; offset < content.Length; offset += pieceBytes)
        {
            last = last.Append(content.AsMemory(offset, Math.Min(pieceBytes, content.Length - offset)));
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private static byte[] Content(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
