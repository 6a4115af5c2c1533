using System.Text.Json;

namespace Salvor.Compare.Snapshots;

/// <summary>Salvor, by itself.</summary>
public sealed class SalvorSnapshots(Workbench bench, string endpoint) : SnapshotTool("salvor", bench[RepositoryName])
{
    private const string RepositoryName = "salvor-repository";
    private const long PageBytes = 4096;
    private string[] _place = [];

    public override Contestant Restore => new(
        Name, bench.Salvor, ["restore", .. _place, "--revision-bump", "0", "--data-dir", Contestant.Out]);

    public override async Task InitAsync(CancellationToken ct) =>
        _place = await bench.MakeRepositoryAsync(RepositoryName, bench[RepositoryName], [], ct);

    protected override async Task<(Sample Run, long ChangedPageBytes)> RunAsync(CancellationToken ct)
    {
        string[] arguments = ["backup", .. _place, "--endpoints", endpoint, "--output", "json"];
        var (run, output) = await TimedProcess.RunForOutputAsync(bench.Salvor, arguments, ct);
        using var report = JsonDocument.Parse(output);
        return (run, report.RootElement.GetProperty("changedPages").GetInt64() * PageBytes);
    }
}
