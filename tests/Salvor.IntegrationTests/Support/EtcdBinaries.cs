namespace Salvor.IntegrationTests.Support;

/// <summary>The programs of one real etcd version, as eng/fetch-etcd put them into the cache.</summary>
/// <remarks>
/// A version is named by the Debian suite that ships it: "bookworm" (3.4), "trixie" and "sid" (3.5). SALVOR_ETCD_DIR
/// names
/// the cache; without it, it is ~/.cache/salvor/etcd. What is missing fails the test: a skipped oracle proves nothing.
/// </remarks>
public sealed class EtcdBinaries
{
    private readonly string _directory;

    private EtcdBinaries(string suite, string directory)
    {
        Suite = suite;
        _directory = directory;
        Version = Version.Parse(new DirectoryInfo(directory).ResolveLinkTarget(returnFinalTarget: true)?.Name ?? suite);
    }

    /// <summary>
    /// Every suite, for theories: <c>[MemberData(nameof(AllSuites), MemberType = typeof(EtcdBinaries))]</c>.
    /// </summary>
    public static TheoryData<string> AllSuites => new("bookworm", "trixie", "sid");

    public string Suite { get; }

    public Version Version { get; }

    /// <summary>Whether this is etcd 3.4, whose tools and JSON differ here and there.</summary>
    public bool Is34 => Version is { Major: 3, Minor: 4 };

    public string Etcd => Program("etcd");

    public string Etcdctl => Program("etcdctl");

    /// <summary>The offline tool: etcdutl, or in 3.4, which has none, etcdctl.</summary>
    public string Etcdutl => Program(Is34 ? "etcdctl" : "etcdutl");

    public static EtcdBinaries Of(string suite)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var cache = Environment.GetEnvironmentVariable("SALVOR_ETCD_DIR")
            ?? Path.Combine(home, ".cache", "salvor", "etcd");
        var directory = Path.Combine(cache, suite);
        if (!Directory.Exists(directory))
        {
            Assert.Fail($"The etcd of Debian {suite} is not in {cache}: run eng/fetch-etcd, or set SALVOR_ETCD_DIR.");
        }

        return new EtcdBinaries(suite, directory);
    }

    public override string ToString() => $"etcd {Version} ({Suite})";

    private string Program(string name)
    {
        var path = Path.Combine(_directory, name);
        if (!File.Exists(path))
        {
            Assert.Fail($"{path} is not there: run eng/fetch-etcd.");
        }

        return path;
    }
}
