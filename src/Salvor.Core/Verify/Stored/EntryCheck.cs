using Salvor.Errors;
using Salvor.Formats.Findings;
using Salvor.Platform;
using Salvor.Repository;
using Salvor.Repository.Keys;
using Salvor.Repository.Snapshots;

namespace Salvor.Verify.Stored;

/// <summary>Checks what every reader meets first: descriptor, key slots, the timelines' beginnings.</summary>
internal sealed class EntryCheck(OpenRepository repository, ICpuPool pool, IFindingSink findings)
{
    public async Task RunAsync(RepositoryObjects objects, CancellationToken ct)
    {
        await CheckDescriptorAsync(ct);
        await CheckSlotsAsync(ct);
        await CheckBeginsAsync(objects, ct);
        foreach (var name in objects.Foreign)
        {
            findings.Report(new Finding(Severity.Info, "repository.foreign", name.Value, Offset: null,
                "this object is none of a repository's; nothing reads or deletes it"));
        }
    }

    private async Task CheckDescriptorAsync(CancellationToken ct)
    {
        const string Code = "repository.descriptor";
        var name = RepositoryDescriptor.Name.Value;
        try
        {
            if (await new RepositoryOpener(repository.Store, pool).TryReadDescriptorAsync(ct) is null)
            {
                Error(Code, name, "it is missing: nothing can open the repository without it");
            }
        }
        catch (Exception e) when (Damage.Is(e))
        {
            findings.Report(Damage.ToFinding(e, Code, name));
        }
    }

    private async Task CheckSlotsAsync(CancellationToken ct)
    {
        const string Code = "repository.slot";
        var slots = await KeySlots.ReadAsync(repository.Store, ct);
        foreach (var (name, _, fault) in slots)
        {
            if (fault is not null)
            {
                Error(Code, name.Value, $"{fault}; what it wraps the key for opens nothing any more");
            }
        }

        if (slots.Count == 0)
        {
            Error(Code, KeySlots.Prefix, "there is no key slot: nothing opens the repository any more");
        }
    }

    private async Task CheckBeginsAsync(RepositoryObjects objects, CancellationToken ct)
    {
        const string Code = "repository.timeline";
        var catalog = new SnapshotCatalog(repository);
        var last = objects.Timelines.Count == 0 ? 0 : objects.Timelines.Max(t => t.Timeline.Value);
        for (var number = 1; number <= last; number++)
        {
            var timeline = new TimelineId(number);
            var name = RepositoryNames.Begin(timeline).Value;
            try
            {
                _ = await catalog.ReadBeginAsync(timeline, ct);
            }
            catch (SalvorException e) when (e.Code is ErrorCode.NotFound)
            {
                Error(Code, name,
                    $"it is missing: readers find neither timeline {number} nor any after it");
                return; // Of a timeline with a number far off, one finding is enough.
            }
            catch (Exception e) when (Damage.Is(e))
            {
                findings.Report(Damage.ToFinding(e, Code, name));
            }
        }
    }

    private void Error(string code, string source, string message) =>
        findings.Report(new Finding(Severity.Error, code, source, Offset: null, message));
}
