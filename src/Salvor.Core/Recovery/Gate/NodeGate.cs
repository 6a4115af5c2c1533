using System.Collections.Immutable;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.Platform;

namespace Salvor.Recovery.Gate;

/// <summary>What stands between a boot and etcd: looks, decides, and where it must, puts etcd's manifest aside.
/// </summary>
/// <remarks>
/// It runs while kubelet waits, so it always ends, within <see cref="GateLimits"/>, and never fails: what it can't do
/// it says. The manifest is put aside before anything is told, since the telling may take its time.
/// </remarks>
public sealed class NodeGate(
    GateMachine machine, IGateRepository? repository, IMachineConsole console, GateLimits limits)
{
    /// <summary>Why the repository's configuration can't be read; null where it can, or there is none.</summary>
    public string? ConfigurationFault { get; init; }

    public async Task<GateReport> RunAsync()
    {
        var start = machine.Time.GetTimestamp();
        var notes = new List<string>();
        if (ConfigurationFault is { } fault)
        {
            notes.Add($"The configuration can't be read: {fault}");
        }

        var held = new HeldManifest(machine.Files, machine.PathOf(machine.ManifestPath), machine.Time);
        var glass = new GateOverride(machine.Files, machine.Root);
        var state = glass.Read();
        var look = new GateLook(machine, repository, isRepositoryUnknown: ConfigurationFault is not null, limits);
        var sighting = await look.LookAsync(held, state, start);
        var verdict = GateRules.Judge(sighting.Facts);
        var reasons = GateWords.Of(verdict.Concerns, sighting);
        var record = RecordOf(sighting, verdict.Decision, reasons);
        var report = new GateReport
        {
            Sighting = sighting,
            Decision = verdict.Decision,
            Reasons = reasons,
            HeldAt = verdict.Decision == GateDecision.Held ? held.HeldPath : null,
            HeldSince = verdict.Decision == GateDecision.Held ? ReadReason(held, notes) : null,
            Elapsed = default,
        };
        if (verdict.Decision == GateDecision.Hold)
        {
            notes.AddRange(sighting.Strays.Select(
                path => $"{path} starts an etcd too, and is put aside with it. A release leaves it there."));
            report = await HoldAsync(report, held, record, start);
        }

        if (state == GateSwitch.OverriddenOnce)
        {
            Try(glass.Use, notes);
        }

        var isWorthARecord = verdict.Decision == GateDecision.Hold
            || (verdict.Decision == GateDecision.Report && !reasons.IsEmpty);
        report = isWorthARecord ? await StoreAsync(report, record, notes, start) : report;
        return report with
        {
            Notes = [.. sighting.Notes, .. notes],
            Elapsed = machine.Time.GetElapsedTime(start),
        };
    }

    private GateRecord RecordOf(GateSighting sighting, GateDecision decision, ImmutableArray<GateReason> reasons)
    {
        return new GateRecord
        {
            At = machine.Time.GetUtcNow(),
            Machine = machine.Name,
            Decision = decision,
            Reasons = reasons,
            ClusterId = sighting.Stamp?.ClusterId,
            MemberId = sighting.Stamp?.MemberId,
            Timeline = sighting.Stamp?.Timeline,
            NewestTimeline = sighting.Newest?.Value,
            Switch = sighting.Facts.Switch,
        };
    }

    private async Task<GateReport> HoldAsync(GateReport report, HeldManifest held, GateRecord record, long start)
    {
        string? failure = null;
        try
        {
            var json = record.ToJson();
            var strays = report.Sighting.Strays.Select(path => new HeldManifest(machine.Files, path, machine.Time));
            foreach (var each in strays.Prepend(held))
            {
                var hold = machine.Pool.Run(() => { each.Hold(json); return true; }, CancellationToken.None);
                await hold.WaitAsync(Left(limits.Record, start), machine.Time);
            }
        }
        catch (SalvorException e)
        {
            failure = e.Message;
        }
        catch (TimeoutException)
        {
            failure = $"the disk of {held.Directory} does not answer.";
        }

        var text = failure is null
            ? GateWords.ForConsole(record, held.HeldPath)
            : $"\nsalvor gate: etcd must not start on {record.Machine}, and its manifest could not be held back: "
                + $"{failure}\n";
        await Task.WhenAny(
            machine.Pool.Run(() => { console.TryWrite(text); return true; }, CancellationToken.None),
            Task.Delay(Left(limits.Record, start), machine.Time));
        return report with { HeldAt = failure is null ? held.HeldPath : null, HoldFailure = failure };
    }

    private async Task<GateReport> StoreAsync(GateReport report, GateRecord record, List<string> notes, long start)
    {
        if (repository is null)
        {
            return report;
        }

        using var patience = new CancellationTokenSource(Left(limits.Record, start), machine.Time);
        try
        {
            var put = await machine.Pool.Run(() => repository.RecordAsync(record, patience.Token), patience.Token)
                .WaitAsync(Left(limits.Record, start), machine.Time);
            return report with { RecordedAs = await put.WaitAsync(Left(limits.Record, start), machine.Time) };
        }
        catch (Exception e) when (e is SalvorException or CorruptDataException)
        {
            notes.Add($"Nothing of this is recorded in the repository: {e.Message}");
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            notes.Add("Nothing of this is recorded in the repository: it did not answer in time.");
        }

        return report;
    }

    private static GateRecord? ReadReason(HeldManifest held, List<string> notes)
    {
        GateRecord? record = null;
        Try(() => record = held.ReadReason() is { } json ? GateRecord.Read(held.ReasonPath, json) : null, notes);
        return record;
    }

    private static void Try(Action action, List<string> notes)
    {
        try
        {
            action();
        }
        catch (SalvorException e)
        {
            notes.Add(e.Message);
        }
    }

    private TimeSpan Left(TimeSpan limit, long start)
    {
        var left = limit - machine.Time.GetElapsedTime(start);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
