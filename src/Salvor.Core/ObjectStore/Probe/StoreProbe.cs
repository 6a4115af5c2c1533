using System.Buffers.Binary;
using Salvor.Errors;
using Salvor.Platform;

namespace Salvor.ObjectStore.Probe;

/// <summary>
/// Holds somebody's own store to the contract: what its credentials allow, and whether it keeps its conditions.
/// </summary>
/// <remarks>
/// Stores that speak S3 differ in just this: some answer 200 to a conditional put and overwrite. So nothing is believed
/// by name or version; it is tried, with writers that race.
/// </remarks>
public sealed class StoreProbe
{
    private static readonly StoreUse[] Repository = [StoreUse.Repository];
    private static readonly StoreUse[] Lease = [StoreUse.Lease];
    private static readonly StoreUse[] Both = [StoreUse.Repository, StoreUse.Lease];
    private static readonly StoreUse[] Prune = [StoreUse.Prune];

    private readonly IObjectStore _store;
    private readonly TimeProvider _time;
    private readonly ProbeObjects _objects;
    private readonly List<ProbeCheck> _checks = [];
    private TimeSpan? _putTime;
    private TimeSpan? _getTime;
    private TimeSpan? _clockOffset;

    public StoreProbe(IObjectStore store, IEntropy entropy, TimeProvider time)
    {
        Span<byte> token = stackalloc byte[sizeof(ulong)];
        entropy.Fill(token);
        _store = store;
        _time = time;
        _objects = new ProbeObjects(store, BinaryPrimitives.ReadUInt64LittleEndian(token));
    }

    /// <exception cref="SalvorException">
    /// The store can't be reached or entered at all, so that there is nothing to tell of single checks.
    /// </exception>
    public async Task<ProbeReport> RunAsync(CancellationToken ct)
    {
        var contract = new ContractChecks(_store, _objects);
        var conditions = new ConditionChecks(_objects);
        var isThere = await CheckAsync("put", Both, isPossible: true, PutAsync, ct);
        IReadOnlyList<ObjectName> left;
        try
        {
            await CheckAsync("get", Both, isThere, GetAsync, ct);
            await CheckAsync("getPart", Repository, isThere, contract.PartAsync, ct);
            await CheckAsync("getAbsent", Both, isThere, contract.AbsentAsync, ct);
            await CheckAsync("list", Repository, isThere, contract.ListAsync, ct);
            await CheckAsync("head", Repository, isThere, HeadAsync, ct);
            await CheckAsync("ifAbsent", Both, isThere, conditions.IfAbsentAsync, ct);
            await CheckAsync("ifAbsentRace", Lease, isThere, conditions.IfAbsentRaceAsync, ct);
            await CheckAsync("ifMatch", Lease, isThere, conditions.IfMatchAsync, ct);
            await CheckAsync("ifMatchRace", Lease, isThere, conditions.IfMatchRaceAsync, ct);
            await CheckAsync("delete", Prune, isThere, contract.DeleteAsync, ct);
            await CheckAsync("unfinished", Prune, isThere, contract.UnfinishedAsync, ct);
        }
        finally
        {
            left = await CleanUpAsync();
        }

        return new ProbeReport(_store.Location, _checks, _clockOffset, _putTime, _getTime, left);
    }

    /// <summary>Runs one check and notes how it went.</summary>
    /// <returns>Whether it passed.</returns>
    private async Task<bool> CheckAsync(
        string name, StoreUse[] neededFor, bool isPossible, Func<CancellationToken, Task<string?>> check,
        CancellationToken ct)
    {
        if (!isPossible)
        {
            _checks.Add(new ProbeCheck(name, neededFor, ProbeOutcome.NotTried, "It needs an object, and none was put."));
            return false;
        }

        var (outcome, detail) = (ProbeOutcome.Passed, default(string));
        try
        {
            detail = await check(ct);
            outcome = detail is null ? ProbeOutcome.Passed : ProbeOutcome.Failed;
        }
        catch (SalvorException e) when (e.Code is ErrorCode.StoreDenied or ErrorCode.AccessDenied)
        {
            (outcome, detail) = (ProbeOutcome.Denied, e.Message);
        }
        catch (SalvorException e) when (_checks.Count > 0)
        {
            (outcome, detail) = (ProbeOutcome.Failed, e.Message);
        }

        _checks.Add(new ProbeCheck(name, neededFor, outcome, detail));
        return outcome == ProbeOutcome.Passed;
    }

    private async Task<string?> PutAsync(CancellationToken ct)
    {
        var start = _time.GetTimestamp();
        var result = await _objects.PutAsync(_objects.Name("a"), _objects.Content("a"), PutCondition.None, ct);
        _putTime = _time.GetElapsedTime(start);
        return result is { IsStored: true, Tag: not null } ? null : "It gave the object no tag.";
    }

    private async Task<string?> GetAsync(CancellationToken ct)
    {
        var start = _time.GetTimestamp();
        var read = await _objects.ReadAsync(_objects.Name("a"), ct);
        _getTime = _time.GetElapsedTime(start);
        return read is not { } content ? "What was put is not there."
            : content.Bytes.AsSpan().SequenceEqual(_objects.Content("a")) ? null
            : "It gave back other bytes than were put.";
    }

    private async Task<string?> HeadAsync(CancellationToken ct)
    {
        var info = await _store.HeadAsync(_objects.Name("a"), ct);
        if (info is null)
        {
            return "What was put is not there.";
        }

        _clockOffset = info.Modified - _time.GetUtcNow();
        return info.LengthBytes == _objects.Content("a").Length ? null : "It tells a wrong length.";
    }

    /// <summary>Deletes what the probe made, as far as that is allowed.</summary>
    private async Task<IReadOnlyList<ObjectName>> CleanUpAsync()
    {
        var left = new List<ObjectName>();
        foreach (var name in _objects.Made)
        {
            try
            {
                await _store.DeleteAsync(name, CancellationToken.None);
            }
            catch (SalvorException)
            {
                left.Add(name); // The report says so; what kept it from being deleted is a check of its own.
            }
        }

        return left;
    }
}
