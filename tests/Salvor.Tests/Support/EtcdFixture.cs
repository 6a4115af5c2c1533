using System.IO.Compression;

namespace Salvor.Tests.Support;

/// <summary>Files that a real etcd wrote, as kept in Fixtures.</summary>
internal sealed class EtcdFixture
{
    /// <summary>HashKV of the keyspace at revision 14, compacted at 5, as both servers answered it.</summary>
    public const uint HashKv = 1659144741;

    private readonly Dictionary<string, byte[]> _files = [];

    private EtcdFixture(string version) => Version = version;

    public static IReadOnlyList<EtcdFixture> All { get; } = [Read("3.4.23"), Read("3.5.30")];

    public string Version { get; }

    public byte[] Snapshot => _files["snapshot"];

    public byte[] Database => _files["member/snap/db"];

    public byte[] Wal => _files.Single(f => f.Key.EndsWith(".wal", StringComparison.Ordinal)).Value;

    public byte[] Snap => _files.Single(f => f.Key.EndsWith(".snap", StringComparison.Ordinal)).Value;

    /// <summary>Writes the files of the data directory, as etcd left them when it stopped.</summary>
    public void Unpack(string dataDirectory)
    {
        foreach (var (name, content) in _files.Where(f => f.Key.StartsWith("member/", StringComparison.Ordinal)))
        {
            var path = Path.Combine(dataDirectory, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, content);
        }
    }

    private static EtcdFixture Read(string version)
    {
        var fixture = new EtcdFixture(version);
        var path = Path.Combine(RepositoryRoot.FullName, "tests/Salvor.Tests/Fixtures", $"etcd-{version}.txt");
        foreach (var part in File.ReadAllText(path).Split("file ")[1..])
        {
            var nameEnd = part.IndexOf('\n', StringComparison.Ordinal);
            using var gzip =
                new GZipStream(new MemoryStream(Convert.FromBase64String(part[nameEnd..])), CompressionMode.Decompress);
            using var content = new MemoryStream();
            gzip.CopyTo(content);
            fixture._files[part[..nameEnd]] = content.ToArray();
        }

        return fixture;
    }
}
