using Salvor.Formats.Findings;
using Salvor.Repository;
using Salvor.Repository.Kits;

namespace Salvor.Verify.Stored;

/// <summary>Reads each kit that a snapshot names, and says what is missing in it.</summary>
internal sealed class KitCheck(OpenRepository repository, IFindingSink findings)
{
    public async Task RunAsync(CheckedTimeline timeline, CancellationToken ct)
    {
        var kits = new KitStore(repository, timeline.Timeline);
        foreach (var kit in timeline.Snapshots.Select(s => s.Manifest.Kit).OfType<KitReference>().DistinctBy(k => k.Id))
        {
            var name = RepositoryNames.Kits(timeline.Timeline) + kit.Id;
            try
            {
                foreach (var missing in (await kits.ReadAsync(kit, ct)).Missing)
                {
                    findings.Report(new Finding(
                        Severity.Warning, "repository.kit.incomplete", name, Offset: null,
                        $"it lacks {missing.Path}: {missing.Why}"));
                }
            }
            catch (Exception e) when (Damage.Is(e))
            {
                findings.Report(Damage.ToFinding(e, "repository.kit", name));
            }
        }
    }
}
