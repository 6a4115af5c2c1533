using Salvor.Errors;
using Salvor.Formats;
using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Driver;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Ladder;
using Salvor.Recovery.Lease;
using Salvor.Recovery.Shared;

namespace Salvor.Recovery.Outside;

/// <summary>Watches one cluster from outside, always; and acts on it while it leads the guards that watch it.</summary>
/// <remarks>
/// One that only advises never takes the lease, so that it does not keep another one from acting. Neither does one that
/// does not see the provider: it could conclude nothing. Who leads takes the plans up that the journal tells of. Who
/// does not lead any more ends: its orders and its journal ask for the lease before each word.
/// </remarks>
public sealed class Guard
{
    private static readonly TimeSpan ReleaseLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RefusedWait = TimeSpan.FromMinutes(5);

    private readonly GuardTarget _target;
    private readonly GuardLookout _lookout;
    private readonly GuardParts _parts;
    private readonly RecoveryMachine _machine;
    private readonly TimeProvider _time;
    private readonly GuardNews _news;
    private readonly LatestLook _latest = new();
    private GuardLease? _lease;
    private string _said = "";

    public Guard(GuardTarget target, GuardLookout lookout, GuardParts parts, RecoveryMode mode, GuardNews news)
    {
        _target = target;
        _lookout = lookout;
        _parts = parts;
        _time = parts.Time;
        _news = news;
        _machine = new RecoveryMachine(new RecoverySettings(
            target.Times.Of(GuardCauses.All), target.Times.Of(RungTable.Guard))
        {
            Mode = mode,
            Owner = Short(target.Guard.Value),
        });
    }

    /// <summary>Watches, and leads where it can, until it is stopped; then it gives the lease back.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] work = [WatchAsync(ends.Token), LeadAsync(ends.Token)];
        await Task.WhenAny(work);
        await ends.CancelAsync();
        await Task.WhenAll(work);
    }

    private static string Short(string name) =>
        new([.. name.Take(24).Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]);

    private async Task WatchAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            _latest.Begin();
            var seen = Observations.None;
            try
            {
                seen = await _lookout.LookAsync(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            finally
            {
                _latest.End(seen);
            }

            _news.Looked(seen);
            await WaitAsync(_target.Times.LookEvery, stop);
        }
    }

    private async Task LeadAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var wait = _target.Times.LookEvery;
            try
            {
                if (_machine.Settings.Mode == RecoveryMode.Advise)
                {
                    await AdviseAsync(stop);
                }
                else
                {
                    await TryLeadAsync(stop);
                }
            }
            catch (SalvorException e)
            {
                Say(e.Hint is { } hint ? $"does not lead: {e.Message} {hint}" : $"does not lead: {e.Message}");
                wait = e.IsTransient ? wait : _target.Times.Of(RefusedWait);
            }
            catch (CorruptDataException e)
            {
                Say($"does not lead: {e.Message}");
                wait = _target.Times.Of(RefusedWait);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }

            await WaitAsync(wait, stop);
        }
    }

    private async Task AdviseAsync(CancellationToken stop)
    {
        Say("watches, and only advises");
        var hands = new GuardHands(
            _target, _parts.Cloud, _parts.Repository, isHeld: () => false, _latest.LookAsync, _time);
        var driver = NewDriver(hands, new MemoryJournal());
        while (await driver.TurnAsync(stop))
        {
            // Each turn waits for the next look.
        }
    }

    private async Task TryLeadAsync(CancellationToken stop)
    {
        var seen = await _latest.LookAsync(stop);
        if (GuardLookout.IsIsolated(seen))
        {
            Say("reaches neither repository nor provider: it is this guard that is cut off, and it does nothing");
            return;
        }

        if (seen[Sign.ProviderReachable].Truth != Truth.Yes || seen[Sign.RepositoryReachable].Truth != Truth.Yes)
        {
            var what = seen[Sign.ProviderReachable].Truth != Truth.Yes ? Sign.ProviderReachable
                : Sign.RepositoryReachable;
            Say($"only watches: {what} is {seen[what].Truth} ({seen[what].Detail})");
            return;
        }

        _lease ??= await _parts.OpenLeaseAsync(_target, stop);
        var standing = await _lease.Lease.TryTakeAsync(stop);
        if (standing.State != LeaseState.Held)
        {
            Say(standing.Holder is { } holder ? $"watches; {holder} leads" : "watches; nobody leads yet");
            return;
        }

        Say($"leads, as number {standing.Generation}");
        var why = await ActAsync(_lease, stop);
        Say($"does not lead any more: {why}");
    }

    /// <summary>Acts for as long as it leads.</summary>
    /// <returns>Why it does not any more.</returns>
    private async Task<string> ActAsync(GuardLease held, CancellationToken stop)
    {
        SetLeads(true);
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var keeping = KeepAsync(held.Lease, lost);
        var why = "somebody else wrote in the journal";
        try
        {
            var hands = new GuardHands(
                _target, _parts.Cloud, _parts.Repository, () => held.Lease.IsHeld, _latest.LookAsync, _time);
            var heed = new NoticeHeed(held.Notices.ReadAsync, _time, Say);
            var journal = new GuardJournal(held.Journals, () => held.Lease.IsHeld, _time);
            var driver = NewDriver(hands, journal, heed);
            await driver.ResumeAsync(lost.Token);
            while (await driver.TurnAsync(lost.Token))
            {
                // Each turn waits for the next look.
            }
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            why = stop.IsCancellationRequested ? "it was told to end" : "";
        }
        finally
        {
            SetLeads(false);
            await lost.CancelAsync();
            var reason = await keeping;
            why = why.Length == 0 ? reason : why;
            await ReleaseAsync(held.Lease);
        }

        return why;
    }

    /// <summary>Renews the lease until it is lost, or this guard is blind, or it is told to end.</summary>
    private async Task<string> KeepAsync(StoreLease lease, CancellationTokenSource lost)
    {
        var why = "it was told to end";
        long? blindSince = null;
        var renewed = _time.GetTimestamp();
        try
        {
            while (true)
            {
                await Task.Delay(_target.Times.PollEvery, _time, lost.Token);
                blindSince = _latest.Seen[Sign.ProviderReachable].Truth == Truth.Yes ? null
                    : blindSince ?? _time.GetTimestamp();
                if (blindSince is { } since && _time.GetElapsedTime(since) >= _target.Times.BlindLimit)
                {
                    why = "it does not see the provider";
                    break;
                }

                if (_time.GetElapsedTime(renewed) >= lease.RenewalInterval)
                {
                    renewed = _time.GetTimestamp();
                    await RenewAsync(lease, lost.Token);
                }

                if (!lease.IsHeld)
                {
                    why = "it lost the lease";
                    break;
                }
            }
        }
        catch (Exception e) when (e is SalvorException or CorruptDataException)
        {
            why = $"the lease can't be renewed: {e.Message}";
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            return why;
        }

        await lost.CancelAsync();
        return why;
    }

    /// <summary>
    /// Bounded: a store that swallows packets must not keep this guard from seeing that the lease has run out.
    /// </summary>
    private async Task RenewAsync(StoreLease lease, CancellationToken ct)
    {
        using var clock = new CancellationTokenSource(lease.RenewalInterval, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, ct);
        try
        {
            await lease.RenewAsync(either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // It may have been renewed: the next one reads it.
        }
    }

    private async Task ReleaseAsync(StoreLease lease)
    {
        using var limit = new CancellationTokenSource(ReleaseLimit, _time);
        try
        {
            await lease.ReleaseAsync(limit.Token);
        }
        catch (Exception e) when (e is SalvorException or CorruptDataException or OperationCanceledException)
        {
            // It runs out by itself.
        }
    }

    private async Task WaitAsync(TimeSpan wait, CancellationToken stop) =>
        await Task.Delay(wait, _time, stop).ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

    private RecoveryDriver NewDriver(IHands hands, IJournal journal, NoticeHeed? heed = null)
    {
        var options = new DriverOptions
        {
            LookEvery = _target.Times.LookEvery,
            LookSoon = _target.Times.LookEvery, // Each look asks the provider, which counts the calls.
        };
        RecoveryDriver? driver = null;
        return driver = new RecoveryDriver(_machine, _latest, hands, journal, _time, options)
        {
            Journaled = entry =>
            {
                _news.Journaled(entry);
                _news.Decided(driver?.State); // A plan's steps may take long, and the look ends only after them.
            },
            Looked = (_, state) => _news.Decided(state),
            Hear = heed is null ? null : heed.HearAsync,
        };
    }

    private void SetLeads(bool isLeader)
    {
        _lookout.IsLeader = isLeader;
        _news.Leads(isLeader);
        if (!isLeader)
        {
            _news.Decided(null);
        }
    }

    private void Say(string text)
    {
        if (_said != text)
        {
            _said = text;
            _news.Said(text);
        }
    }
}
