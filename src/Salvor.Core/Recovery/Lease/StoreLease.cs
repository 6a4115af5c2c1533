using Salvor.Errors;
using Salvor.Formats;
using Salvor.ObjectStore;
using Salvor.ObjectStore.Probe;
using Salvor.Platform;
using Salvor.Recovery.Shared;
using Salvor.Repository;

namespace Salvor.Recovery.Lease;

/// <summary>The right to act on a cluster, which at any instant one guard or agent has, or nobody.</summary>
/// <remarks>
/// One object, changed only on the condition that it is the version that was seen, with a new nonce in each write. No
/// two clocks are ever compared:
/// <list type="bullet">
/// <item>The holder counts from the start of its last write that was done, and gives up a margin before its end.</item>
/// <item>
/// Anybody else counts from the end of the look that first saw the present version, and waits a margin longer. The
/// version was written before that look ended, and begun before it was written.
/// </item>
/// <item>
/// A write without an answer is ours once its nonce is read, and counts from its start all the same; until then the
/// lease is not.
/// </item>
/// <item>
/// An object that is not there is a version like another one: it may have been deleted from under a holder.
/// </item>
/// </list>
/// So the margins bound by how much clocks may run apart while the lease lasts. A crash leaves an object that another
/// one takes when it has waited. A restarted process is another one, whatever its name.
/// <para>
/// One call at a time; <see cref="IsHeld"/> from any thread. Whoever acts asks it before each act, and an act takes its
/// effect elsewhere by condition or idempotently: a process may stop for any time between asking and acting.
/// </para>
/// </remarks>
public sealed class StoreLease
{
    /// <summary>Writes without an answer that are still known as ours. Older ones count as a stranger's.</summary>
    private const int AttemptsMax = 8;

    private readonly StoreJson _objects;
    private readonly LeaseOptions _options;
    private readonly TimeProvider _time;
    private readonly IEntropy _entropy;
    private readonly LeaseRules _rules;
    private readonly VersionWatch _watch;
    private readonly Queue<LeaseAttempt> _attempts = new();
    private volatile LeaseTenure? _tenure;
    private long _generationSeen;

    /// <param name="objects">The repository.</param>
    /// <param name="probe">What the probe of this store found.</param>
    /// <param name="options">Who, how long.</param>
    /// <param name="time">This machine's clocks.</param>
    /// <param name="entropy">Nonces.</param>
    /// <exception cref="SalvorException">The store may not hold a lease.</exception>
    public StoreLease(
        StoreJson objects, ProbeReport probe, LeaseOptions options, TimeProvider time, IEntropy entropy)
        : this(objects, probe, options, time, entropy, LeaseRules.All)
    {
    }

    internal StoreLease(
        StoreJson objects, ProbeReport probe, LeaseOptions options, TimeProvider time, IEntropy entropy,
        LeaseRules rules)
    {
        SwapProof.Require(probe, objects.Location);
        if (options.Validate() is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join(' ', faults), nameof(options));
        }

        _objects = objects;
        _options = options;
        _time = time;
        _entropy = entropy;
        _rules = rules;
        _watch = new VersionWatch(time, Has(LeaseRules.SteadyClock));
    }

    /// <summary>Whether it is ours at this instant, by our own clock.</summary>
    public bool IsHeld => Held is not null;

    /// <summary>The number of our holding, higher than that of every earlier one; null when it is not held.</summary>
    public long? Generation => Held?.Generation;

    public HolderId Holder => _options.Holder;

    public TimeSpan RenewalInterval => _options.RenewalInterval;

    private LeaseTenure? Held =>
        _tenure is { } tenure && (!tenure.Term.IsOver || !Has(LeaseRules.OwnExpiry)) ? tenure : null;

    private TimeSpan Margin => Has(LeaseRules.Margin) ? _options.Margin : TimeSpan.Zero;

    /// <summary>Looks who holds it, and goes on counting for how long. Who may want it soon does this often.</summary>
    public async Task<LeaseStanding> LookAsync(CancellationToken ct)
    {
        try
        {
            return StandingOf(await ReadAsync(ct), fault: null);
        }
        catch (SalvorException e) when (e.IsTransient)
        {
            return WithoutAnswer(e);
        }
    }

    /// <summary>Takes it, if that may be done now.</summary>
    /// <exception cref="SalvorException">The store refused for good.</exception>
    /// <exception cref="CorruptDataException">The object is damaged: nobody may act before somebody looked.</exception>
    public async Task<LeaseStanding> TryTakeAsync(CancellationToken ct)
    {
        StoredJson<LeaseDocument>? found;
        try
        {
            found = await ReadAsync(ct);
        }
        catch (SalvorException e) when (e.IsTransient)
        {
            return WithoutAnswer(e);
        }

        var standing = StandingOf(found, fault: null);
        return standing.State == LeaseState.Held || standing.Left > TimeSpan.Zero
            ? standing
            : await WriteAsync(_generationSeen + 1, _options.Holder, found?.Tag, ct);
    }

    /// <summary>Makes it last longer. Once it is lost this only looks: taking it again is another holding.</summary>
    /// <exception cref="SalvorException">The store refused for good.</exception>
    public Task<LeaseStanding> RenewAsync(CancellationToken ct) =>
        Held is { } held ? WriteAsync(held.Generation, _options.Holder, held.Tag, ct) : LookAsync(ct);

    /// <summary>Gives it back, so that nobody has to wait. From the start of this call on it is not held.</summary>
    /// <exception cref="SalvorException">The store refused for good.</exception>
    public async Task ReleaseAsync(CancellationToken ct)
    {
        var held = Held;
        _tenure = null;
        _attempts.Clear(); // A renewal that is still under way counts as a stranger's: it is waited for.
        if (held is not null)
        {
            await _objects.WriteAsync(
                RecoveryNames.Lease, DocumentOf(held.Generation, holder: null, Nonce.New(_entropy)),
                RecoveryJson.Default.LeaseDocument, ConditionOf(held.Tag), ct);
        }
    }

    private bool Has(LeaseRules rule) => (_rules & rule) != 0;

    private async Task<LeaseStanding> WriteAsync(
        long generation, HolderId holder, ObjectTag? seen, CancellationToken ct)
    {
        // The attempt is known before it begins: whatever ends the waiting, it may be found in the store.
        var attempt = new LeaseAttempt(Nonce.New(_entropy), NewTerm());
        _attempts.Enqueue(attempt);
        if (_attempts.Count > AttemptsMax)
        {
            _attempts.Dequeue();
        }

        var write = await _objects.WriteAsync(
            RecoveryNames.Lease, DocumentOf(generation, holder, attempt.Nonce),
            RecoveryJson.Default.LeaseDocument, ConditionOf(seen), ct);
        if (write is { Outcome: WriteOutcome.Written, Tag: { } tag })
        {
            Adopt(generation, tag, Has(LeaseRules.FromStart) ? attempt.Term : NewTerm());
            _watch.Note(tag, attempt.Nonce);
            return HeldOr(LeaseState.Unknown, fault: null);
        }

        if (write.Outcome == WriteOutcome.Unknown && !Has(LeaseRules.NonceRead))
        {
            Adopt(generation, seen ?? new ObjectTag("none"), attempt.Term);
            return HeldOr(LeaseState.Unknown, write.Fault);
        }

        try
        {
            return StandingOf(await ReadAsync(ct), write.Fault);
        }
        catch (SalvorException e) when (e.IsTransient)
        {
            return WithoutAnswer(e);
        }
    }

    /// <summary>Reads the object, knows our own write again, and notes that ours is another one's by now.</summary>
    private async Task<StoredJson<LeaseDocument>?> ReadAsync(CancellationToken ct)
    {
        var found = await _objects.ReadAsync(RecoveryNames.Lease, RecoveryJson.Default.LeaseDocument, ct);
        if (found?.Value.Fault() is { } fault)
        {
            throw new CorruptDataException(RecoveryNames.Lease.Value, 0, fault);
        }

        var isChange = Has(LeaseRules.Unchanged);
        _watch.Note(isChange ? found?.Tag : null, isChange ? found?.Value.Nonce : found?.Value.Holder);
        _generationSeen = Math.Max(_generationSeen, found?.Value.Generation ?? 0);
        if (_tenure is { } tenure && tenure.Tag == found?.Tag)
        {
            return found;
        }

        if (OwnAttempt(found) is { } own)
        {
            Adopt(found!.Value.Generation, found.Tag, own.Term);
        }
        else if (Has(LeaseRules.NonceRead))
        {
            _tenure = null;
        }

        return found;
    }

    private LeaseAttempt? OwnAttempt(StoredJson<LeaseDocument>? found) =>
        found is null ? null : _attempts.FirstOrDefault(attempt => attempt.Nonce == found.Value.Nonce);

    private void Adopt(long generation, ObjectTag tag, LeaseTerm term)
    {
        _generationSeen = Math.Max(_generationSeen, generation);
        _tenure = new LeaseTenure(generation, tag, term);
    }

    private LeaseStanding StandingOf(StoredJson<LeaseDocument>? found, SalvorException? fault)
    {
        if (Held is not null)
        {
            return HeldOr(LeaseState.Unknown, fault);
        }

        // What we wrote ourselves and no longer hold is nobody's.
        var isFree = found is not null && (found.Value.Holder is null || OwnAttempt(found) is not null);
        var duration = found is null
            ? _options.Duration
            : TimeSpan.FromMilliseconds(found.Value.DurationMilliseconds);
        var left = isFree ? TimeSpan.Zero : duration + Margin - _watch.Unchanged;
        return new LeaseStanding(
            isFree || found is null ? LeaseState.Free : LeaseState.Elsewhere,
            _generationSeen,
            isFree ? null : found?.Value.Holder,
            left > TimeSpan.Zero ? left : TimeSpan.Zero,
            fault);
    }

    private LeaseStanding WithoutAnswer(SalvorException fault) => HeldOr(LeaseState.Unknown, fault);

    private LeaseStanding HeldOr(LeaseState state, SalvorException? fault) => Held is { } held
        ? new LeaseStanding(LeaseState.Held, held.Generation, _options.Holder.Value, held.Term.Left, fault)
        : new LeaseStanding(state, _generationSeen, Holder: null, TimeSpan.Zero, fault);

    private LeaseTerm NewTerm() => new(_time, _options.Duration - Margin, Has(LeaseRules.CountsSleep));

    private LeaseDocument DocumentOf(long generation, HolderId? holder, string nonce) => new()
    {
        Generation = generation,
        Holder = holder?.Value,
        Nonce = nonce,
        DurationMilliseconds = (int)_options.Duration.TotalMilliseconds,
        Written = _time.GetUtcNow(),
    };

    private PutCondition ConditionOf(ObjectTag? seen) => !Has(LeaseRules.Swap) ? PutCondition.None
        : seen is { } tag ? PutCondition.IfMatch(tag)
        : PutCondition.IfAbsent;
}
