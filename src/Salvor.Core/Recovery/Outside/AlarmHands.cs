using System.Collections.Immutable;
using Salvor.Cloud;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.ObjectStore;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Shared;
using Salvor.Repository;

namespace Salvor.Recovery.Outside;

/// <summary>
/// Keeps the machine's own cloud alarms from acting in the midst of a plan, and lets them act after it.
/// </summary>
/// <remarks>
/// Which ones acted is written down before any is silenced, so whoever ends the plan, after whatever crash, lets just
/// those act again that a person had let act. An alarm that only tells somebody goes on doing so.
/// </remarks>
internal sealed class AlarmHands(GuardTarget target, IAlarms alarms, StoreJson objects, TimeProvider time)
{
    /// <summary>How the names of Salvor's own alarms begin: those that it must be able to silence.</summary>
    private string OwnPrefix => $"salvor-{target.Cluster}-";

    public async Task<StepReport> SilenceAsync(CancellationToken ct)
    {
        var acting = (await alarms.ListAsync(target.Machine, ct))
            .Where(alarm => alarm.Definition.ActionsEnabled && ActsOnMachines(alarm.Definition))
            .Select(alarm => alarm.Definition.Name).ToImmutableArray();
        if (acting.IsEmpty)
        {
            return StepReport.Done("No alarm of the machine acts.");
        }

        var known = await ReadAsync(ct);
        await WriteAsync([.. known.Union(acting, StringComparer.Ordinal).Take(SilencedAlarms.NamesMax)], ct);
        var left = new List<string>();
        foreach (var name in acting)
        {
            try
            {
                await alarms.SetActionsEnabledAsync([name], enabled: false, ct);
            }
            catch (SalvorException e) when (e.Code == ErrorCode.CloudDenied
                && !name.StartsWith(OwnPrefix, StringComparison.Ordinal))
            {
                left.Add(name);
            }
        }

        return StepReport.Done(left.Count == 0
            ? $"Silenced: {string.Join(", ", acting)}."
            : $"Silenced: {string.Join(", ", acting.Except(left))}. Not ours, and not allowed: "
                + $"{string.Join(", ", left)}.");
    }

    public async Task<StepReport> LetActAsync(CancellationToken ct)
    {
        var names = await ReadAsync(ct);
        if (names.IsEmpty)
        {
            return StepReport.Done("No alarm was silenced.");
        }

        // One that is gone meanwhile would let the cloud refuse all.
        var found = (await alarms.FindAsync(names, ct)).Select(alarm => alarm.Definition)
            .Where(alarm => !alarm.ActionsEnabled).Select(alarm => alarm.Name).ToList();
        foreach (var name in found)
        {
            await alarms.SetActionsEnabledAsync([name], enabled: true, ct);
        }

        await WriteAsync([], ct);
        return StepReport.Done($"May act again: {string.Join(", ", found)}.");
    }

    /// <summary>Whether it does something to a machine, by EC2's own names for that, the old ones too.</summary>
    private static bool ActsOnMachines(AlarmDefinition alarm) => alarm.AlarmActions
        .Concat(alarm.OkActions).Concat(alarm.InsufficientDataActions)
        .Any(action => action.Contains(":automate:", StringComparison.Ordinal)
            || action.Contains(":swf:", StringComparison.Ordinal));

    private async Task<ImmutableArray<string>> ReadAsync(CancellationToken ct)
    {
        var found = (await objects.ReadAsync(
            RecoveryNames.Silenced, RecoveryJson.Default.SilencedAlarms, ct))?.Value;
        return found?.Fault() is { } fault ? throw new CorruptDataException(RecoveryNames.Silenced.Value, 0, fault)
            : found is null ? []
            : found.Names;
    }

    private async Task WriteAsync(ImmutableArray<string> names, CancellationToken ct)
    {
        var content = new SilencedAlarms
        {
            Machine = target.Machine.Value,
            Names = names,
            Written = time.GetUtcNow(),
        };
        var write = await objects.WriteAsync(
            RecoveryNames.Silenced, content, RecoveryJson.Default.SilencedAlarms, PutCondition.None, ct);
        if (write.Fault is { } fault)
        {
            throw fault;
        }
    }
}
