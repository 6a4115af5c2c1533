using System.Globalization;
using Salvor.DataDirectory;
using Salvor.Formats.RaftWal;
using Salvor.Restore;
using Salvor.Restore.Salvage;
using Salvor.Tests.RaftWal;
using Salvor.Tests.Support;

namespace Salvor.Tests.Restore.Salvage;

/// <summary>A data directory made by hand, and what a salvage makes of it.</summary>
internal sealed class SalvageScene
{
    private readonly MemoryFiles _files = new MemoryFiles().With("/source/member/snap/placeholder", []);

    public SalvageScene Database(byte[] image, string name = "db")
    {
        _files.With($"/source/member/snap/{name}", image);
        return this;
    }

    public SalvageScene Log(WalSample sample) => Log([.. sample.Files]);

    public SalvageScene Log(params byte[][] segments)
    {
        for (var i = 0; i < segments.Length; i++)
        {
            Segment((ulong)i, segments[i]);
        }

        return this;
    }

    public SalvageScene Segment(ulong sequence, byte[] bytes)
    {
        _files.With($"/source/member/wal/{new WalFileName(sequence, 0)}", bytes);
        return this;
    }

    public SalvageScene EmptyLogDirectory()
    {
        _files.With("/source/member/wal/0.tmp", []);
        return this;
    }

    public SalvageReport Salvage() => new DirectorySalvage(_files, TimeProvider.System).Run(
        new SalvageOptions
        {
            Source = new MemberLayout("/source"),
            Target = new RestoreOptions { DataDirectory = "/target", ClusterToken = "token" },
        },
        progress: null,
        TestContext.Current.CancellationToken);

    /// <summary>Main revisions and keys of the salvaged keyspace's entries, in the order of revisions.</summary>
    public List<string> Entries(bool isWhole = true)
    {
        using var file = _files.OpenRead("/target/member/snap/db");
        var meta = Formats.Bbolt.MetaPair.Read(file).Newest!.Value;
        var survey = DatabaseSurvey.Read(file, meta, "the result", new Support.FindingList(), default);
        Assert.Equal(isWhole, survey.IsWhole);
        var entries = new List<string>();
        survey.Visit(Formats.Etcd.BucketNames.Key, (key, value) =>
        {
            Assert.True(Formats.Etcd.RevisionKey.TryRead(key, out var revision));
            Assert.True(Formats.Etcd.KeyValue.TryRead(value, out var content));
            var text = System.Text.Encoding.UTF8.GetString(content.Key);
            entries.Add(string.Create(CultureInfo.InvariantCulture, $"{revision.Revision.Main} {text}"));
        });
        return entries;
    }
}
