using Salvor.Recovery.Shared;
using Salvor.Repository;

namespace Salvor.Tests.Recovery.Shared;

public sealed class TimelineClaimsTests
{
    private static readonly TimelineId Two = new(2);

    private readonly SharedPlace _place = new();
    private readonly TwoClocks _clocks = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Claim_stops_nobody_and_an_active_one_is_the_newest_for_good()
    {
        await _place.BeginAsync(1);
        var claims = await _place.ClaimsAsync("a", _clocks);
        Assert.Equal(ClaimResult.None, (await claims.LookAsync(Two, Ct)).Result);
        Assert.Equal(ClaimResult.Claimed, (await ClaimAsync(claims)).Result);
        var claimed = await ViewAsync();
        Assert.Equal((new TimelineId(1), true), (claimed.Newest, claimed.IsBegun));
        Assert.Equal(ClaimState.Claimed, claimed.Claim!.State);
        Assert.Equal(ClaimResult.Active, (await claims.ActivateAsync(Two, Ct)).Result);
        var active = await ViewAsync();
        Assert.Equal((Two, false, null), (active.Newest, active.IsBegun, active.Claim));

        Assert.Equal(ClaimResult.Active, (await claims.WithdrawAsync(Two, "too late", Ct)).Result);
        Assert.Equal(ClaimResult.Active, (await ClaimAsync(claims)).Result);
        await _place.BeginAsync(2);
        Assert.True((await ViewAsync()).IsBegun);
        Assert.Equal(Two, (await new RepositoryTimelines(_place.Repository).ReadSinceAsync(new(1), Ct)).Newest);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Only_the_timeline_after_the_newest_may_be_claimed(int timeline)
    {
        await _place.BeginAsync(1);
        var claims = await _place.ClaimsAsync("a", _clocks);

        Assert.Equal(ClaimResult.Outdated, (await claims.TryClaimAsync(new(timeline), 1, "", Ct)).Result);
        Assert.Null((await ViewAsync()).Claim);
    }

    [Fact]
    public async Task Claim_that_was_taken_back_is_never_made_active_and_may_be_made_anew()
    {
        await _place.BeginAsync(1);
        var claims = await _place.ClaimsAsync("guard", _clocks);
        var agent = await _place.ClaimsAsync("agent", _clocks);
        await ClaimAsync(claims);
        Assert.Equal(ClaimResult.Withdrawn, (await agent.WithdrawAsync(Two, "I live", Ct)).Result);
        Assert.Equal(ClaimResult.Withdrawn, (await claims.ActivateAsync(Two, Ct)).Result);

        Assert.Equal(ClaimResult.Claimed, (await ClaimAsync(claims)).Result);
        Assert.Equal(ClaimResult.Active, (await claims.ActivateAsync(Two, Ct)).Result);
    }

    [Fact]
    public async Task Claim_that_is_taken_back_just_as_it_is_made_active_is_not()
    {
        await _place.BeginAsync(1);
        var way = _place.Way();
        var claims = await _place.ClaimsAsync("guard", _clocks, way);
        var agent = await _place.ClaimsAsync("agent", _clocks);
        await ClaimAsync(claims);
        way.BeforePut = async () => await agent.WithdrawAsync(Two, "I live", Ct);

        Assert.Equal(ClaimResult.Withdrawn, (await claims.ActivateAsync(Two, Ct)).Result);
        Assert.Equal(new TimelineId(1), (await ViewAsync()).Newest);
    }

    [Fact]
    public async Task Another_ones_claim_is_left_alone_until_it_was_seen_unchanged_for_its_duration()
    {
        await _place.BeginAsync(1);
        var first = await _place.ClaimsAsync("a", _clocks);
        var second = await _place.ClaimsAsync("b", _clocks);
        await ClaimAsync(first);
        Assert.Equal(TimeSpan.FromMinutes(10), (await ClaimAsync(second)).Left);
        _clocks.Set(10_000);
        _clocks.Pass(599);
        await ClaimAsync(first);
        Assert.Equal(TimeSpan.FromMinutes(10), (await ClaimAsync(second)).Left);
        _clocks.Pass(600);
        Assert.Equal(ClaimResult.Claimed, (await ClaimAsync(second)).Result);

        Assert.Equal(ClaimResult.Elsewhere, (await first.ActivateAsync(Two, Ct)).Result);
        Assert.Equal(ClaimResult.Active, (await second.ActivateAsync(Two, Ct)).Result);
    }

    [Fact]
    public async Task Next_holder_of_the_lease_goes_on_with_a_claim_at_once()
    {
        await _place.BeginAsync(1);
        var first = await _place.ClaimsAsync("a", _clocks);
        var second = await _place.ClaimsAsync("b", _clocks);
        await ClaimAsync(first);
        Assert.Equal(ClaimResult.Claimed, (await second.TryClaimAsync(Two, 2, "goes on", Ct)).Result);

        Assert.Equal(ClaimResult.Elsewhere, (await first.ActivateAsync(Two, Ct)).Result);
    }

    [Fact]
    public async Task Active_one_of_another_is_never_overwritten_however_old()
    {
        await _place.BeginAsync(1);
        var first = await _place.ClaimsAsync("a", _clocks);
        var second = await _place.ClaimsAsync("b", _clocks);
        await ClaimAsync(first);
        await first.ActivateAsync(Two, Ct);
        await ClaimAsync(second);
        _clocks.Pass(100_000);

        Assert.Equal(ClaimResult.Elsewhere, (await second.TryClaimAsync(Two, 9, "", Ct)).Result);
        Assert.Equal(ClaimResult.Elsewhere, (await second.WithdrawAsync(Two, "", Ct)).Result);
        Assert.Equal(Two, (await ViewAsync()).Newest);
    }

    [Fact]
    public async Task Timeline_that_an_operator_began_meanwhile_is_not_made_active()
    {
        await _place.BeginAsync(1);
        var claims = await _place.ClaimsAsync("a", _clocks);
        await ClaimAsync(claims);
        await _place.BeginAsync(2);

        Assert.Equal(ClaimResult.Outdated, (await claims.ActivateAsync(Two, Ct)).Result);
        var view = await ViewAsync();
        Assert.Equal((Two, true, null), (view.Newest, view.IsBegun, view.Claim));
    }

    [Fact]
    public async Task Lost_answers_are_known_by_the_nonce()
    {
        await _place.BeginAsync(1);
        var way = _place.Way();
        way.LosesPutAnswers = true;
        var claims = await _place.ClaimsAsync("a", _clocks, way);

        Assert.Equal(ClaimResult.Claimed, (await ClaimAsync(claims)).Result);
        Assert.Equal(ClaimResult.Active, (await claims.ActivateAsync(Two, Ct)).Result);
    }

    [Fact]
    public async Task Activation_without_an_answer_is_unknown_and_settles_when_it_is_tried_again()
    {
        await _place.BeginAsync(1);
        var way = _place.Way();
        var claims = await _place.ClaimsAsync("a", _clocks, way);
        await ClaimAsync(claims);
        way.DelaysPut = true;
        Assert.Equal(ClaimResult.Unknown, (await claims.ActivateAsync(Two, Ct)).Result);
        await way.ArriveAsync();

        Assert.Equal(ClaimResult.Active, (await claims.ActivateAsync(Two, Ct)).Result);
    }

    [Fact]
    public async Task Restarted_claimant_does_not_make_its_claim_active()
    {
        await _place.BeginAsync(1);
        await ClaimAsync(await _place.ClaimsAsync("a", _clocks));
        var restarted = await _place.ClaimsAsync("a", _clocks);

        Assert.Equal(ClaimResult.Elsewhere, (await restarted.ActivateAsync(Two, Ct)).Result);
    }

    private static Task<ClaimStanding> ClaimAsync(TimelineClaims claims) => claims.TryClaimAsync(Two, 1, "a test", Ct);

    private Task<TimelineView> ViewAsync() => new RepositoryTimelines(_place.Repository).ReadAsync(Ct);
}
