using Salvor.Errors;
using Salvor.Formats;
using Salvor.ObjectStore;
using Salvor.ObjectStore.Local;
using Salvor.ObjectStore.Probe;
using Salvor.Platform;
using Salvor.Platform.Linux;
using Salvor.Recovery.Lease;
using Salvor.Recovery.Shared;
using Salvor.Repository;

namespace Salvor.Tests.Recovery.Lease;

public sealed class StoreLeaseTests
{
    private readonly SharedPlace _place = new();
    private readonly TwoClocks _clocks = new();
    private readonly TwoClocks _others = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task That_there_is_none_must_be_seen_for_a_while_too()
    {
        var lease = await _place.LeaseAsync("a", _clocks);
        var first = await lease.TryTakeAsync(Ct);
        _clocks.Pass(34);
        var early = await lease.TryTakeAsync(Ct);
        _clocks.Pass(1);
        var taken = await lease.TryTakeAsync(Ct);

        Assert.Equal((LeaseState.Free, TimeSpan.FromSeconds(35)), (first.State, first.Left));
        Assert.Equal((LeaseState.Free, TimeSpan.FromSeconds(1)), (early.State, early.Left));
        Assert.Equal((LeaseState.Held, 1L, "a"), (taken.State, taken.Generation, taken.Holder));
        Assert.Equal(TimeSpan.FromSeconds(25), taken.Left);
        Assert.Equal(1, lease.Generation);
    }

    [Fact]
    public async Task Another_one_waits_for_duration_and_margin_without_a_change()
    {
        var held = await TakenAsync();
        var other = await _place.LeaseAsync("b", _others);
        Assert.Equal(LeaseState.Elsewhere, (await other.TryTakeAsync(Ct)).State);
        _others.Pass(34);
        Assert.Equal(TimeSpan.FromSeconds(1), (await other.TryTakeAsync(Ct)).Left);
        await held.RenewAsync(Ct);
        _others.Pass(2);
        Assert.Equal(TimeSpan.FromSeconds(35), (await other.TryTakeAsync(Ct)).Left);
        _others.Pass(35);
        var taken = await other.TryTakeAsync(Ct);

        Assert.Equal((LeaseState.Held, 2L), (taken.State, taken.Generation));
        var lost = await held.RenewAsync(Ct);
        Assert.Equal((LeaseState.Elsewhere, "b"), (lost.State, lost.Holder));
        Assert.False(held.IsHeld);
        Assert.Null(held.Generation);
    }

    [Fact]
    public async Task Setting_the_wall_clock_shortens_no_wait()
    {
        await TakenAsync();
        var other = await _place.LeaseAsync("b", _others);
        await other.TryTakeAsync(Ct);
        _others.Set(1_000_000);

        Assert.Equal(TimeSpan.FromSeconds(35), (await other.TryTakeAsync(Ct)).Left);
    }

    [Fact]
    public async Task Holder_gives_up_a_margin_early_without_being_told()
    {
        var way = _place.Way();
        var held = await TakenAsync(way);
        way.IsCut = true;
        _clocks.Pass(24.9);
        Assert.True(held.IsHeld);
        Assert.Equal(LeaseState.Held, (await held.RenewAsync(Ct)).State);
        _clocks.Pass(0.1);

        Assert.False(held.IsHeld);
        Assert.Equal(LeaseState.Unknown, (await held.RenewAsync(Ct)).State);
    }

    [Fact]
    public async Task Holder_counts_the_time_for_which_its_machine_slept()
    {
        var held = await TakenAsync();
        _clocks.Set(25);

        Assert.False(held.IsHeld);
    }

    [Fact]
    public async Task Wall_clock_that_was_set_back_makes_it_no_longer()
    {
        var held = await TakenAsync();
        _clocks.Set(-1000);
        Assert.True(held.IsHeld);
        _clocks.Pass(25);

        Assert.False(held.IsHeld);
    }

    [Fact]
    public async Task Renewal_counts_from_its_start()
    {
        var way = _place.Way();
        var held = await TakenAsync(way);
        _clocks.Pass(10);
        way.BeforePut = () =>
        {
            _clocks.Pass(10);
            return Task.CompletedTask;
        };

        Assert.Equal(TimeSpan.FromSeconds(15), (await held.RenewAsync(Ct)).Left);
    }

    [Fact]
    public async Task Lost_answer_is_known_by_the_nonce()
    {
        var way = _place.Way();
        var lease = await _place.LeaseAsync("a", _clocks, way);
        await lease.TryTakeAsync(Ct);
        _clocks.Pass(35);
        way.LosesPutAnswers = true;
        Assert.Equal(LeaseState.Held, (await lease.TryTakeAsync(Ct)).State);
        _clocks.Pass(10);

        Assert.Equal(TimeSpan.FromSeconds(25), (await lease.RenewAsync(Ct)).Left);
    }

    [Fact]
    public async Task What_is_not_known_is_not_held_until_it_was_read()
    {
        var way = _place.Way();
        var lease = await _place.LeaseAsync("a", _clocks, way);
        await lease.TryTakeAsync(Ct);
        _clocks.Pass(35);
        way.LosesPutAnswers = true;
        way.BeforePut = () =>
        {
            way.LosesReads = true;
            return Task.CompletedTask;
        };
        Assert.Equal(LeaseState.Unknown, (await lease.TryTakeAsync(Ct)).State);
        Assert.False(lease.IsHeld);
        _clocks.Pass(5);
        way.LosesReads = false;
        var read = await lease.LookAsync(Ct);

        Assert.Equal((LeaseState.Held, TimeSpan.FromSeconds(20)), (read.State, read.Left));
    }

    [Fact]
    public async Task Renewal_that_arrives_late_is_still_the_holders()
    {
        var way = _place.Way();
        var held = await TakenAsync(way);
        way.DelaysPut = true;
        _clocks.Pass(5);
        await held.RenewAsync(Ct);
        _clocks.Pass(5);
        await way.ArriveAsync();
        var renewed = await held.RenewAsync(Ct);

        // The second renewal meets the first one, which counts from its own start.
        Assert.Equal((LeaseState.Held, TimeSpan.FromSeconds(20)), (renewed.State, renewed.Left));
        Assert.Equal(TimeSpan.FromSeconds(25), (await held.RenewAsync(Ct)).Left);
    }

    [Fact]
    public async Task Of_two_that_have_waited_one_takes_it()
    {
        var way = _place.Way();
        var slow = await _place.LeaseAsync("a", _clocks, way);
        var quick = await _place.LeaseAsync("b", _others);
        await slow.TryTakeAsync(Ct);
        await quick.TryTakeAsync(Ct);
        _clocks.Pass(35);
        _others.Pass(35);
        way.BeforePut = async () => Assert.Equal(LeaseState.Held, (await quick.TryTakeAsync(Ct)).State);

        Assert.Equal(LeaseState.Elsewhere, (await slow.TryTakeAsync(Ct)).State);
        Assert.False(slow.IsHeld);
        Assert.True(quick.IsHeld);
    }

    [Fact]
    public async Task Given_back_it_may_be_taken_at_once()
    {
        var held = await TakenAsync();
        await held.ReleaseAsync(Ct);
        Assert.False(held.IsHeld);
        var taken = await (await _place.LeaseAsync("b", _others)).TryTakeAsync(Ct);

        Assert.Equal((LeaseState.Held, 2L), (taken.State, taken.Generation));
    }

    [Fact]
    public async Task Lost_by_the_clock_it_is_taken_anew_under_a_higher_number()
    {
        var held = await TakenAsync();
        _clocks.Pass(25);
        Assert.Equal(LeaseState.Free, (await held.RenewAsync(Ct)).State);
        var taken = await held.TryTakeAsync(Ct);

        Assert.Equal((LeaseState.Held, 2L), (taken.State, taken.Generation));
    }

    [Fact]
    public async Task Restarted_process_of_the_same_name_waits_like_any_other()
    {
        await TakenAsync();
        var restarted = await _place.LeaseAsync("a", _clocks);

        Assert.Equal(LeaseState.Elsewhere, (await restarted.TryTakeAsync(Ct)).State);
    }

    [Fact]
    public async Task Damaged_object_lets_nobody_act()
    {
        await TakenAsync();
        _place.Memory["recovery/lease"]![60] ^= 1;
        var other = await _place.LeaseAsync("b", _others);

        await Assert.ThrowsAsync<CorruptDataException>(() => other.TryTakeAsync(Ct));
        Assert.False(other.IsHeld);
    }

    [Theory]
    [InlineData(0, "a", 30_000)]
    [InlineData(1, "A b", 30_000)]
    [InlineData(1, "a", 999)]
    [InlineData(1, "a", int.MaxValue)]
    public async Task Object_that_breaks_the_rules_is_refused(long generation, string holder, int milliseconds)
    {
        var document = new LeaseDocument
        {
            Generation = generation,
            Holder = holder,
            Nonce = new string('0', 32),
            DurationMilliseconds = milliseconds,
            Written = DateTimeOffset.UnixEpoch,
        };
        await _place.Json().WriteAsync(
            RecoveryNames.Lease, document, RecoveryJson.Default.LeaseDocument, PutCondition.None, Ct);
        var lease = await _place.LeaseAsync("b", _others);

        await Assert.ThrowsAsync<CorruptDataException>(() => lease.LookAsync(Ct));
    }

    [Fact]
    public async Task Store_that_did_not_pass_the_probe_holds_none()
    {
        var probe = await _place.ProbeAsync();
        var check = new ProbeCheck("ifMatch", [StoreUse.Lease], ProbeOutcome.Failed, "It overwrote.");
        var fault = Assert.Throws<SalvorException>(() => new StoreLease(
            _place.Json(), probe with { Checks = [check] }, new LeaseOptions { Holder = SharedPlace.Holder("a") },
            _clocks, new SeededEntropy(1)));

        Assert.Equal(ErrorCode.StoreRefused, fault.Code);
        Assert.Contains("ifMatch", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Directory_holds_it_as_well()
    {
        using var temporary = new TempDirectory();
        var place = new SharedPlace(new LocalStore(
            new LocalStoreOptions { Directory = temporary.FullName }, new LinuxFileSystem(), new ThreadCpuPool(),
            new OsEntropy(), TimeProvider.System));
        var lease = await place.LeaseAsync("a", _clocks);
        var other = await place.LeaseAsync("b", _others);
        await lease.TryTakeAsync(Ct);
        _clocks.Pass(35);
        Assert.Equal(LeaseState.Held, (await lease.TryTakeAsync(Ct)).State);
        await other.TryTakeAsync(Ct);
        Assert.Equal(LeaseState.Held, (await lease.RenewAsync(Ct)).State);
        await lease.ReleaseAsync(Ct);

        Assert.Equal(LeaseState.Held, (await other.TryTakeAsync(Ct)).State);
    }

    private async Task<StoreLease> TakenAsync(BadWay? way = null)
    {
        var lease = await _place.LeaseAsync("a", _clocks, way);
        await lease.TryTakeAsync(Ct);
        _clocks.Pass(35);
        Assert.Equal(LeaseState.Held, (await lease.TryTakeAsync(Ct)).State);
        return lease;
    }
}
