using System.Globalization;
using Salvor.DataDirectory;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.Formats.Etcd;
using Salvor.Node;
using Salvor.Node.Identity;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Gate;
using Salvor.Repository;
using Salvor.Restore;
using Salvor.Restore.FromRepository;
using Salvor.Restore.Salvage;

namespace Salvor.Recovery.OnMachine.Hands;

/// <summary>
/// Puts good data where etcd's was: what the damaged directory itself still tells, or what the repository holds,
/// whichever loses the least.
/// </summary>
public sealed class DataRecovery(
    AgentMachine machine, EtcdHold hold, Func<CancellationToken, Task<OpenRepository>> repository, RecoveredFile kept)
{
    /// <summary>Clients that saw a future which is lost must list again: as a restore by hand does.</summary>
    private const long RevisionBump = 1_000_000_000;
    private const int TokenBytes = 8;
    private const string SalvagedPrefix = ".salvor-salvaged-";

    private readonly NodeIdentityFile _stamp = new(machine.Files, "/");

    /// <summary>Says what there is, and what each would lose.</summary>
    public async Task<StepReport> ChooseAsync(CancellationToken ct)
    {
        var stored = await TryPlanAsync(ct);
        var manifest = hold.Load();
        var hasMember = machine.Files.Stat(new MemberLayout(manifest.DataDirectory).Member) is not null;
        return stored.Plan is null && !hasMember
            ? StepReport.Failed($"there is nothing to recover from: {stored.Fault}")
            : StepReport.Done(
                (stored.Plan is { } plan
                    ? $"the repository leads to revision {plan.Revision}"
                    : $"the repository can't be used: {stored.Fault}")
                + (hasMember ? "; the damaged directory is salvaged first" : ""));
    }

    public async Task<StepReport> PutInPlaceAsync(StepOrder order, CancellationToken ct)
    {
        // A plan is taken up anew after a restart, maybe days later: the newest data may be another control plane's.
        // Where nobody answers, what can be salvaged is put in place all the same; its timeline waits.
        var stamp = _stamp.ReadOrNull();
        var answer = await hold.AskTimelineAsync(ct);
        if (answer.NewerThan(stamp) is { Truth: Truth.Yes } newer)
        {
            return EtcdHold.Overtaken(newer);
        }

        var manifest = hold.Load();
        var layout = new MemberLayout(manifest.DataDirectory, manifest.WalDirectory)
            .WithoutNeedlessWalDirectory(machine.Files);
        // Looked at again here: on the disk beneath a volume that went away, the data would vanish when it comes back.
        if (hold.VolumeFault(layout, stamp) is { } fault)
        {
            return StepReport.Failed(fault);
        }

        LiveEtcd.Refuse(machine.Files, layout);
        var now = await machine.Pool.Run(() => new DataLook(machine.Files).Look(layout, stamp: null, ct), ct);
        if (now.State == DataState.Good)
        {
            return Found(order, now, layout, answer.OwnOf(stamp));
        }

        var options = Target(manifest, layout);
        var member = options.NewMember();
        var intent = new RecoveredData
        {
            PlanId = order.PlanId,
            ClusterId = NodeIdentity.Text(MemberIds.DeriveCluster([member.Id]).Value),
            MemberId = NodeIdentity.Text(member.Id.Value),
            Source = "",
        };
        var stored = await TryPlanAsync(ct);
        var salvage = now.State == DataState.Empty ? null : await TrySalvageAsync(order, layout, options, ct);
        if (salvage is { } found && (stored.Plan is null || found.Revision >= stored.Plan.Revision))
        {
            kept.Write(intent with { Source = "salvaged from the damaged directory", Revision = found.Revision });
            TakeSalvaged(order, layout);
            return Placed(intent with { Source = found.PutTogetherFrom, Revision = found.Revision }, layout,
                answer.OwnOf(stamp),
                found.IsComplete ? "nothing is lost that the files tell of" : string.Join(" ", found.Losses));
        }

        DeleteSalvaged(layout);
        if (stored.Plan is null)
        {
            return StepReport.Failed($"nothing in {layout.Root} can be salvaged, and {stored.Fault}");
        }

        return await RestoreAsync(intent with { Revision = stored.Plan.Revision }, stamp, layout, options, ct);
    }

    private async Task<StepReport> RestoreAsync(
        RecoveredData intent, NodeIdentity? stamp, MemberLayout layout, RestoreOptions options, CancellationToken ct)
    {
        // What leads furthest in the repository is this control plane's only while nobody has taken its place.
        var answer = await hold.AskTimelineAsync(ct);
        var newer = answer.NewerThan(stamp);
        if (newer.Truth != Truth.No)
        {
            return newer.Truth == Truth.Yes ? EtcdHold.Overtaken(newer)
                : StepReport.Failed($"nobody knows whose the repository's newest data is: {newer.Detail}");
        }

        kept.Write(intent with { Source = "restored from the repository" });
        var restore = new RepositoryRestore(machine.Files, machine.Pool, machine.Time);
        var report = await restore.RunAsync(
            await repository(ct), new RestorePoint.Latest(), options, progress: null, ct);
        return Placed(
            intent with { Source = $"restored from {report.Restored.Source}", Revision = report.Plan.Revision }, layout,
            answer.OwnOf(stamp), $"what came after revision {report.Plan.Revision} is lost, if anything did");
    }

    /// <summary>
    /// Begins the timeline of what was put in place. While the store is away it is not waited for: the stream begins
    /// it later. Nor is it begun where nobody knows that this is still the newest control plane.
    /// </summary>
    public async Task<StepReport> BeginTimelineAsync(CancellationToken ct)
    {
        if (kept.Read() is not { IsInPlace: true } data)
        {
            return StepReport.Done("nothing was put in place that needs one");
        }

        if (data.Timeline is { } begun)
        {
            return StepReport.Done($"timeline {begun} has begun");
        }

        var stamp = _stamp.ReadOrNull();
        var newer = (await hold.AskTimelineAsync(ct)).NewerThan(stamp);
        if (newer.Truth != Truth.No)
        {
            return newer.Truth == Truth.Yes ? EtcdHold.Overtaken(newer)
                : StepReport.Done($"the timeline will be begun when the repository answers: {newer.Detail}");
        }

        try
        {
            var timeline = await BeginAsync(data, stamp, ct);
            return StepReport.Done($"timeline {timeline} has begun");
        }
        catch (Exception e) when (e is SalvorException or CorruptDataException)
        {
            return StepReport.Done($"the timeline will be begun when the repository answers: {e.Message}");
        }
    }

    private async Task<TimelineId> BeginAsync(RecoveredData data, NodeIdentity? stamp, CancellationToken ct)
    {
        var cluster = ulong.Parse(data.ClusterId, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        TimelineId? own = stamp?.Timeline is { } number ? new TimelineId(number) : null;
        var timeline = await NextTimeline.BeginForAsync(
            await repository(ct), new ClusterId(cluster), own, data.Revision, $"a recovery: {data.PlanId}",
            machine.Time, ct);
        kept.Write(data with { Timeline = timeline.Value });
        if (_stamp.ReadOrNull() is { } now && now.ClusterId == data.ClusterId)
        {
            _stamp.Write(now with { Timeline = timeline.Value, Written = machine.Time.GetUtcNow() });
        }

        return timeline;
    }

    /// <summary>A good member lies there: this plan's own, cut off before it said so, or a person's.</summary>
    private StepReport Found(StepOrder order, DataSighting now, MemberLayout layout, int? own) =>
        kept.Read() is { } data && data.PlanId == order.PlanId && data.ClusterId == now.ClusterId
            ? Placed(data, layout, own, "it was in place before that was written down")
            : StepReport.Done("good data is there, which somebody else has put in place");

    /// <summary>
    /// The stamp first: what says that the data is in place ends this step, and etcd is let go only onto the stamp's.
    /// </summary>
    /// <param name="data">What is there.</param>
    /// <param name="layout">Where.</param>
    /// <param name="own">The newest timeline of the cluster before: the one that the new one's follows.</param>
    /// <param name="loss">What is lost, in words.</param>
    private StepReport Placed(RecoveredData data, MemberLayout layout, int? own, string loss)
    {
        _stamp.Write(new NodeIdentity
        {
            ClusterId = data.ClusterId,
            MemberId = data.MemberId,
            Timeline = own,
            DataDirectory = layout.Root,
            Mount = MountTable.Read(machine.Files).Of(layout.Root),
            Written = machine.Time.GetUtcNow(),
        });
        kept.Write(data with { IsInPlace = true });
        return StepReport.Done($"{data.Source}; revision {data.Revision}; {loss}");
    }

    private async Task<(RestorePlan? Plan, string Fault)> TryPlanAsync(CancellationToken ct)
    {
        try
        {
            var planner = new RestorePlanner(await repository(ct));
            return (await planner.PlanAsync(new RestorePoint.Latest(), [], ct), "");
        }
        catch (Exception e) when (e is SalvorException or CorruptDataException)
        {
            return (null, e.Message);
        }
    }

    private async Task<SalvageReport?> TrySalvageAsync(
        StepOrder order, MemberLayout layout, RestoreOptions options, CancellationToken ct)
    {
        if (layout.WalDirectory is not null)
        {
            return null; // Two directories can't be exchanged in one step; the repository's data is put in place.
        }

        DeleteSalvaged(layout); // Of runs that were cut off.
        var salvaged = Salvaged(order, layout);
        var salvage = new DirectorySalvage(machine.Files, machine.Time);
        var request = new SalvageOptions
        {
            Source = layout,
            Target = options with { DataDirectory = salvaged, MayQuarantine = false, RevisionBump = 0 },
        };
        try
        {
            return await machine.Pool.Run(() => salvage.Run(request, progress: null, ct), ct);
        }
        catch (Exception e) when (e is SalvorException or CorruptDataException)
        {
            return null;
        }
    }

    /// <summary>
    /// One exchange of names, with a directory that is already called a quarantine: before it that holds the new
    /// member, after it the old one, and a crash never leaves old data where a later run may clear it away.
    /// </summary>
    private void TakeSalvaged(StepOrder order, MemberLayout layout)
    {
        var stamp = machine.Time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var quarantine = Path.Combine(layout.Root, $".salvor-quarantine-{stamp}");
        machine.Files.Rename(Salvaged(order, layout), quarantine);
        machine.Files.FlushDirectory(layout.Root);
        machine.Files.Exchange(new MemberLayout(quarantine).Member, layout.Member);
        machine.Files.FlushDirectory(quarantine);
        machine.Files.FlushDirectory(layout.Root);
    }

    /// <summary>Copies that nobody took: what they were made from is still there.</summary>
    private void DeleteSalvaged(MemberLayout layout)
    {
        if (machine.Files.Stat(layout.Root) is null)
        {
            return; // All of the data directory is gone, with every copy.
        }

        foreach (var name in machine.Files.List(layout.Root).Where(
            name => name.StartsWith(SalvagedPrefix, StringComparison.Ordinal)))
        {
            machine.Files.DeleteOwnTree(Path.Combine(layout.Root, name));
        }
    }

    private static string Salvaged(StepOrder order, MemberLayout layout) =>
        Path.Combine(layout.Root, SalvagedPrefix + order.PlanId);

    private RestoreOptions Target(EtcdManifest manifest, MemberLayout layout)
    {
        Span<byte> token = stackalloc byte[TokenBytes];
        machine.Entropy.Fill(token);
        return new RestoreOptions
        {
            DataDirectory = layout.Root,
            WalDirectory = layout.WalDirectory,
            Name = manifest.Name,
            PeerUrls = [.. manifest.InitialAdvertisePeerUrls.Select(url => url.OriginalString.TrimEnd('/'))],
            ClusterToken = "salvor-" + Convert.ToHexStringLower(token),
            MayQuarantine = true,
            RevisionBump = RevisionBump,
        };
    }
}
