using System.Buffers;
using Salvor.Errors;
using Salvor.ObjectStore;
using Salvor.ObjectStore.Decorators;

namespace Salvor.Tests.ObjectStore;

public sealed class RetryingStoreTests
{
    private static readonly ObjectName Lease = new("lease");

    private readonly LeapingTime _time = new();
    private readonly MemoryStore _memory = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Waits_grow_are_drawn_and_have_bounds()
    {
        var options = new RetryOptions { AttemptsMax = 12, TotalMax = TimeSpan.FromHours(1) };
        var error = await Assert.ThrowsAsync<SalvorException>(
            () => Retrying(AlwaysFailing(), options).HeadAsync(Lease, Ct));

        Assert.True(error.IsTransient);
        Assert.Equal(11, _time.Waits.Count);
        Assert.All(_time.Waits, w => Assert.InRange(w, options.DelayMin, options.DelayMax));
        Assert.True(_time.Waits.Distinct().Count() > 8);
        Assert.Contains(_time.Waits, w => w > TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task No_attempt_begins_after_the_time_is_up()
    {
        var options = new RetryOptions { AttemptsMax = 100, TotalMax = TimeSpan.FromSeconds(30) };
        await Assert.ThrowsAsync<SalvorException>(() => Retrying(AlwaysFailing(), options).HeadAsync(Lease, Ct));

        Assert.True(_time.Elapsed <= TimeSpan.FromSeconds(30));
        Assert.True(_time.Elapsed > TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task What_will_not_pass_is_told_at_once()
    {
        await PutAsync(_memory, [1, 2, 3], PutCondition.None);
        var error = await Assert.ThrowsAsync<SalvorException>(
            () => Retrying(_memory, new RetryOptions()).GetAsync(Lease, null, bytesMax: 2, Ct));

        Assert.Equal(ErrorCode.Corrupt, error.Code);
        Assert.Empty(_time.Waits);
    }

    [Fact]
    public async Task Lost_answer_to_a_put_that_won_is_no_lost_race()
    {
        var absent = await PutAsync(Retrying(AnswersLostOnce()), [1], PutCondition.IfAbsent);
        var match = await PutAsync(Retrying(AnswersLostOnce()), [2], PutCondition.IfMatch(absent.Tag!.Value));

        Assert.True(absent.IsStored);
        Assert.True(match.IsStored);
        Assert.Equal([2], _memory["lease"]);
        Assert.Equal(ContentTag.Of(new byte[] { 2 }), match.Tag);
    }

    [Theory]
    [InlineData(new byte[] { 9 })]
    [InlineData(new byte[] { 1, 1 })]
    [InlineData(new byte[] { })]
    public async Task Lost_answer_to_a_put_that_lost_stays_a_lost_race(byte[] others)
    {
        var scripted = new ScriptedStore(_memory)
        {
            // The first attempt never arrives; before the second, another writer is there.
            BeforePut = attempt =>
            {
                if (attempt == 0)
                {
                    throw Transient();
                }

                _memory["lease"] = others;
            },
        };
        var result = await PutAsync(Retrying(scripted), [1], PutCondition.IfAbsent);

        Assert.False(result.IsStored);
        Assert.Equal(others, _memory["lease"]);
    }

    [Fact]
    public async Task First_answer_is_believed_without_another_look()
    {
        await PutAsync(_memory, [1], PutCondition.None);
        var result = await PutAsync(Retrying(_memory), [1], PutCondition.IfAbsent);

        Assert.False(result.IsStored);
    }

    [Fact]
    public async Task Broken_list_goes_on_where_it_was()
    {
        var names = Enumerable.Range(0, 200).Select(i => $"packs/{i:d4}").ToList();
        names.ForEach(n => _memory[n] = [1]);
        var faulty = new FaultyStore(_memory, new FaultRates { BrokenList = 0.2 }, seed: 5);

        var listed = await Retrying(faulty).ListAsync("packs/", null, Ct).Select(i => i.Name.Value).ToListAsync(Ct);

        Assert.Equal(names, listed);
        Assert.True(faulty.Faults > 10);
    }

    [Fact]
    public async Task Cancelling_ends_the_waiting()
    {
        using var cancel = new CancellationTokenSource();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Retrying(AlwaysFailing()).DeleteAsync(Lease, cancel.Token));
    }

    private RetryingStore Retrying(IObjectStore inner, RetryOptions? options = null) =>
        new(inner, options ?? new RetryOptions(), new Random(1), _time);

    private FaultyStore AlwaysFailing() => new(_memory, new FaultRates { ErrorBefore = 1 }, seed: 1);

    private ScriptedStore AnswersLostOnce() => new(_memory)
    {
        AfterPut = attempt =>
        {
            if (attempt == 0)
            {
                throw Transient();
            }
        },
    };

    private static SalvorException Transient() => new(ErrorCode.StoreBusy, "503") { IsTransient = true };

    private static Task<PutResult> PutAsync(IObjectStore store, byte[] content, PutCondition condition) =>
        store.PutAsync(Lease, new ReadOnlySequence<byte>(content), condition, Ct);
}
