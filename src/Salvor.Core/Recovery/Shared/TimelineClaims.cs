using Salvor.Errors;
using Salvor.ObjectStore;
using Salvor.ObjectStore.Probe;
using Salvor.Platform;
using Salvor.Recovery.Lease;
using Salvor.Repository;

namespace Salvor.Recovery.Shared;

/// <summary>Claims the timeline after the newest, makes it active, or takes a claim back.</summary>
/// <remarks>
/// One object for each timeline, changed only on the condition that it is the version that was seen:
/// <code>
/// (absent), withdrawn --claim--> claimed --activate, by its claimant--> active
///                                claimed --withdraw, by anybody------> withdrawn
///                                claimed --claim, by another one-----> claimed
/// </code>
/// Active is for good. Another one takes a claim over when it holds the lease under a higher number, since the claimant
/// then no longer does, or when it saw the claim unchanged for its duration. Whatever it is, the claimant's own
/// activation fails from then on: it is done only on the version that the claimant wrote itself. A crash leaves a claim
/// that somebody takes over, or a timeline that is active and not begun: readers treat it as the newest all the same.
/// </remarks>
public sealed class TimelineClaims
{
    private readonly StoreJson _objects;
    private readonly RepositoryTimelines _timelines;
    private readonly ClaimOptions _options;
    private readonly TimeProvider _time;
    private readonly IEntropy _entropy;
    private readonly VersionWatch _watch;
    private readonly HashSet<string> _own = new(StringComparer.Ordinal);

    /// <param name="objects">The repository.</param>
    /// <param name="timelines">What timelines it has.</param>
    /// <param name="probe">What the probe of this store found.</param>
    /// <param name="options">Who, how long.</param>
    /// <param name="time">This machine's clocks.</param>
    /// <param name="entropy">Nonces.</param>
    /// <exception cref="SalvorException">The store does not keep its conditions.</exception>
    public TimelineClaims(
        StoreJson objects, RepositoryTimelines timelines, ProbeReport probe, ClaimOptions options, TimeProvider time,
        IEntropy entropy)
    {
        SwapProof.Require(probe, objects.Location);
        if (options.Validate() is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join(' ', faults), nameof(options));
        }

        _objects = objects;
        _timelines = timelines;
        _options = options;
        _time = time;
        _entropy = entropy;
        _watch = new VersionWatch(time);
    }

    /// <summary>Claims a timeline, or claims it anew where it is ours already, so that others go on waiting.</summary>
    /// <param name="timeline">The one after the newest.</param>
    /// <param name="leaseGeneration">Under which number we hold the lease.</param>
    /// <param name="reason">Why, for people.</param>
    /// <param name="ct">Ends the waiting.</param>
    public Task<ClaimStanding> TryClaimAsync(
        TimelineId timeline, long leaseGeneration, string reason, CancellationToken ct) =>
        DoAsync(timeline, async () =>
        {
            if (!await IsNextAsync(timeline, ct))
            {
                return new ClaimStanding(ClaimResult.Outdated, Claim: null, TimeSpan.Zero);
            }

            var found = await ReadAsync(timeline, ct);
            var standing = StandingOf(found, leaseGeneration);
            if (found?.Value.State == ClaimState.Active
                || (standing.Result == ClaimResult.Elsewhere && standing.Left > TimeSpan.Zero))
            {
                return standing;
            }

            var claim = new TimelineClaim
            {
                Timeline = timeline.Value,
                State = ClaimState.Claimed,
                Claimant = _options.Claimant.Value,
                LeaseGeneration = leaseGeneration,
                Nonce = Nonce.New(_entropy),
                DurationMilliseconds = (int)_options.Duration.TotalMilliseconds,
                Reason = Cut(reason),
                Claimed = _time.GetUtcNow(),
            };
            return await WriteAsync(timeline, claim, found?.Tag, ct);
        });

    /// <summary>Makes our claim active: from then on every older timeline's writer has to stop.</summary>
    /// <remarks>Only after the old side was proven to be stopped. There is no way back.</remarks>
    public Task<ClaimStanding> ActivateAsync(TimelineId timeline, CancellationToken ct) =>
        DoAsync(timeline, async () =>
        {
            var found = await ReadAsync(timeline, ct);
            var standing = StandingOf(found, leaseGeneration: 0);
            if (standing.Result != ClaimResult.Claimed)
            {
                return standing;
            }

            if (!await IsNextAsync(timeline, ct))
            {
                return standing with { Result = ClaimResult.Outdated };
            }

            var active = found!.Value with { State = ClaimState.Active, Nonce = Nonce.New(_entropy) };
            return await WriteAsync(timeline, active, found.Tag, ct);
        });

    /// <summary>Takes a claim back, whoever made it, while it is only that: what a living old side does.</summary>
    public Task<ClaimStanding> WithdrawAsync(TimelineId timeline, string reason, CancellationToken ct) =>
        DoAsync(timeline, async () =>
        {
            var found = await ReadAsync(timeline, ct);
            if (found?.Value.State != ClaimState.Claimed)
            {
                return StandingOf(found, leaseGeneration: 0);
            }

            var withdrawn = found.Value with
            {
                State = ClaimState.Withdrawn,
                Nonce = Nonce.New(_entropy),
                Reason = Cut(reason),
            };
            return await WriteAsync(timeline, withdrawn, found.Tag, ct);
        });

    /// <summary>How it stands, without changing anything.</summary>
    public Task<ClaimStanding> LookAsync(TimelineId timeline, CancellationToken ct) =>
        DoAsync(timeline, async () => StandingOf(await ReadAsync(timeline, ct), leaseGeneration: 0));

    private static string Cut(string reason) =>
        reason.Length > TimelineClaim.ReasonLengthMax ? reason[..TimelineClaim.ReasonLengthMax] : reason;

    private static async Task<ClaimStanding> DoAsync(TimelineId timeline, Func<Task<ClaimStanding>> work)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeline.Value, 1);
        try
        {
            return await work();
        }
        catch (SalvorException e) when (e.IsTransient)
        {
            return new ClaimStanding(ClaimResult.Unknown, Claim: null, TimeSpan.Zero, e);
        }
    }

    /// <summary>Whether it comes right after the newest one. A claim that is active already does, too.</summary>
    private async Task<bool> IsNextAsync(TimelineId timeline, CancellationToken ct)
    {
        var view = await _timelines.ReadAsync(ct);
        return view.Next == timeline || (view.Newest == timeline && !view.IsBegun);
    }

    private async Task<StoredJson<TimelineClaim>?> ReadAsync(TimelineId timeline, CancellationToken ct)
    {
        var found = await RepositoryTimelines.ReadClaimAsync(_objects, timeline, ct);
        _watch.Note(found?.Tag, found is null ? timeline.Name : found.Value.Nonce);
        return found;
    }

    private async Task<ClaimStanding> WriteAsync(
        TimelineId timeline, TimelineClaim claim, ObjectTag? seen, CancellationToken ct)
    {
        if (claim.State != ClaimState.Withdrawn)
        {
            _own.Add(claim.Nonce); // Before the write: it may be done without our hearing of it.
        }

        var condition = seen is { } tag ? PutCondition.IfMatch(tag) : PutCondition.IfAbsent;
        var write = await _objects.WriteAsync(
            RecoveryNames.Claim(timeline), claim, RecoveryJson.Default.TimelineClaim, condition, ct);
        if (write.Outcome == WriteOutcome.Written)
        {
            _watch.Note(write.Tag, claim.Nonce);
            return new ClaimStanding(ResultOf(claim), claim, TimeSpan.Zero);
        }

        var found = await ReadAsync(timeline, ct);
        var isDone = found?.Value.Nonce == claim.Nonce;
        var standing = StandingOf(found, leaseGeneration: 0);
        return isDone || write.Fault is null
            ? standing
            : standing with { Result = ClaimResult.Unknown, Fault = write.Fault };
    }

    private ClaimStanding StandingOf(StoredJson<TimelineClaim>? found, long leaseGeneration)
    {
        if (found?.Value is not { } claim)
        {
            return new ClaimStanding(ClaimResult.None, Claim: null, TimeSpan.Zero);
        }

        var result = ResultOf(claim);
        var mayFollow = result != ClaimResult.Elsewhere
            || (claim.State == ClaimState.Claimed && leaseGeneration > claim.LeaseGeneration);
        var left = mayFollow
            ? TimeSpan.Zero
            : TimeSpan.FromMilliseconds(claim.DurationMilliseconds) - _watch.Unchanged;
        return new ClaimStanding(result, claim, left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }

    private ClaimResult ResultOf(TimelineClaim claim) => claim.State switch
    {
        ClaimState.Withdrawn => ClaimResult.Withdrawn,
        _ when !_own.Contains(claim.Nonce) => ClaimResult.Elsewhere,
        ClaimState.Active => ClaimResult.Active,
        _ => ClaimResult.Claimed,
    };
}
