namespace Salvor.Compare.Snapshots;

/// <summary>The usual way: etcdctl saves a file, and restic stores it.</summary>
public sealed class ResticSnapshots(Workbench bench, string endpoint) : SnapshotTool("restic", bench[RepositoryName])
{
    private const string RepositoryName = "restic-repository";
    private const string Restic = "/usr/bin/restic";
    private const string Shell = "/bin/sh";
    private const string SaveAndStore = """
        etcdctl=$1 endpoint=$2 file=$3; shift 3
        "$etcdctl" --endpoints="$endpoint" snapshot save "$file" && "$@" backup "$file"
        """;

    private const string FetchAndRestore = """
        etcdutl=$1 target=$2 file=$3; shift 3
        "$@" restore latest --target "$target" &&
            "$etcdutl" snapshot restore "$target$file" --data-dir "$target/restored"
        """;

    /// <summary>The same path each time, by which restic finds the snapshot before.</summary>
    private string File => bench["restic.db"];

    private string PasswordFile => bench["restic.password"];

    private string[] Command =>
    [
        Restic, "--repo", bench[RepositoryName], "--password-file", PasswordFile, "--cache-dir", bench["restic-cache"],
        "--quiet",
    ];

    public override Contestant Restore =>
        new(Name, Shell, ["-c", FetchAndRestore, "sh", bench.Etcdutl, Contestant.Out, File, .. Command]);

    /// <summary>As it says itself.</summary>
    public static async Task<string> VersionAsync(CancellationToken ct) =>
        (await TimedProcess.RunForOutputAsync(Restic, ["version"], ct)).Output.Trim();

    public override async Task InitAsync(CancellationToken ct)
    {
        await System.IO.File.WriteAllTextAsync(PasswordFile, "bench", ct);
        await TimedProcess.RunAsync(Restic, [.. Command[1..], "init"], ct);
    }

    protected override async Task<(Sample Run, long ChangedPageBytes)> RunAsync(CancellationToken ct)
    {
        string[] arguments = ["-c", SaveAndStore, "sh", bench.Etcdctl, endpoint, File, .. Command];
        return (await TimedProcess.RunAsync(Shell, arguments, ct), 0);
    }
}
