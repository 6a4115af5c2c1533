using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Salvor.Errors;
using Salvor.Repository;
using Salvor.Repository.Kits;
using Salvor.Repository.Snapshots;
using Salvor.Restore.FromRepository;
using Salvor.Restore.Kits;

namespace Salvor.Cli;

/// <summary><c>salvor restore --kit</c>: PKI, manifests and configuration go back to where they were.</summary>
internal static class RestoreKit
{
    public static async Task<int> RunAsync(
        ParseResult parse, CommandContext context, OpenRepository repository, RestorePoint point, string root,
        bool isDryRun, CancellationToken ct)
    {
        var snapshot = (await new RestorePlanner(repository).PlanAsync(point, [], ct)).Base;
        var reference = snapshot.Kit ?? throw new SalvorException(ErrorCode.NotFound,
            $"Snapshot {snapshot.Id} has no kit: it was not taken on the control-plane machine.")
        {
            Hint = "salvor list shows which snapshots have one; name it with --snapshot.",
        };

        var kit = await new KitStore(repository, new TimelineId(snapshot.Timeline)).ReadAsync(reference, ct);
        var restore = new KitRestore(context.FileSystem);
        var steps = restore.Plan(kit, root, ObjectId.New(context.Time, context.Entropy));
        if (!isDryRun)
        {
            restore.Apply(steps, ct);
        }

        if (parse.IsJson())
        {
            context.Terminal.WriteJson(json => WriteJson(json, snapshot, kit, steps, isDryRun));
        }
        else
        {
            WriteText(context.Terminal.Out, snapshot, kit, steps, root, isDryRun);
        }

        return ExitCodes.Ok;
    }

    private static void WriteText(
        TextWriter output, SnapshotManifest snapshot, KitDocument kit, IReadOnlyList<KitStep> steps, string root,
        bool isDryRun)
    {
        output.WriteLine($"{(isDryRun ? "Would restore" : "Restored")} the kit of snapshot {snapshot.Id} into {root}.");
        output.WriteLine($"  captured   {Utc(kit.Captured)}, fingerprint {snapshot.Kit!.Fingerprint}");
        output.WriteLine($"  entries    {steps.Count}: {Count(steps, KitAction.Create)} new, "
            + $"{Count(steps, KitAction.Replace)} replaced, {Count(steps, KitAction.Keep)} there already");
        foreach (var step in steps.Where(step => isDryRun && step.Action == KitAction.Create))
        {
            output.WriteLine($"  new        {step.Path}");
        }

        foreach (var step in steps.Where(step => step.Action == KitAction.Replace))
        {
            output.WriteLine($"  replaced   {step.Path}"
                + (step.PutAside is null ? " (mode or owner)" : $", kept as {Path.GetFileName(step.PutAside)}"));
        }

        foreach (var missing in kit.Missing)
        {
            output.WriteLine($"  MISSING    {missing.Path}: {missing.Why}");
        }
    }

    private static void WriteJson(
        Utf8JsonWriter json, SnapshotManifest snapshot, KitDocument kit, IReadOnlyList<KitStep> steps, bool isDryRun)
    {
        json.WriteString("snapshot", snapshot.Id);
        json.WriteString("captured", kit.Captured);
        json.WriteBoolean("dryRun", isDryRun);
        KitText.WriteJson(json, snapshot.Kit);
        json.WriteStartArray("entries");
        foreach (var step in steps)
        {
            json.WriteStartObject();
            json.WriteString("path", step.Path);
            json.WriteString("action", step.Action switch
            {
                KitAction.Create => "create",
                KitAction.Replace => "replace",
                _ => "keep",
            });
            if (step.PutAside is not null)
            {
                json.WriteString("putAside", step.PutAside);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static int Count(IReadOnlyList<KitStep> steps, KitAction action) => steps.Count(s => s.Action == action);

    private static string Utc(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
