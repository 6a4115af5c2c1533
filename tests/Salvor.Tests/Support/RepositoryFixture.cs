using System.Buffers;
using System.Text;
using Salvor.Formats.Etcd;
using Salvor.Platform;
using Salvor.Platform.Linux;
using Salvor.Repository.Keeping;
using Salvor.Repository.Keys;
using Salvor.Repository.Kits;
using Salvor.Repository.Log;
using Salvor.Repository.Snapshots;

namespace Salvor.Tests.Support;

/// <summary>A repository as an earlier salvor wrote it, byte for byte, kept as text in Fixtures.</summary>
/// <remarks>
/// Each is made once, when the version or the part of the format that it has is new, and never again: what it is good
/// for is that nobody can change it. A line "object NAME", then its bytes in base64.
/// </remarks>
internal sealed class RepositoryFixture
{
    public const string PassphraseText = "correct horse battery staple";

    private const int Seed = 20_261_125;
    private const int LineBytes = 75;
    private const string KeyName = "KEY";

    private readonly Dictionary<string, byte[]> _objects = new(StringComparer.Ordinal);

    private RepositoryFixture(string text)
    {
        foreach (var part in text.Split("object ")[1..])
        {
            var nameEnd = part.IndexOf('\n', StringComparison.Ordinal);
            _objects.Add(part[..nameEnd], Convert.FromBase64String(part[nameEnd..]));
        }
    }

    public static RepositoryFixture Version1 => new(File.ReadAllText(PathOf("1")));

    /// <summary>Of version 1 too: two kits, and snapshots that share one, have the other, and have none.</summary>
    public static RepositoryFixture Version1WithKits => new(File.ReadAllText(PathOf("1-kits")));

    /// <summary>The line of the key file.</summary>
    public string KeyText => Encoding.ASCII.GetString(_objects[KeyName]);

    private IEnumerable<KeyValuePair<string, byte[]>> Stored => _objects.Where(o => o.Key != KeyName);

    public static string PathOf(string name) =>
        Path.Combine(RepositoryRoot.FullName, "tests/Salvor.Tests/Fixtures", $"repository-{name}.txt");

    /// <summary>A store of its own with all objects.</summary>
    public MemoryStore ToStore()
    {
        var store = new MemoryStore();
        foreach (var (name, bytes) in Stored)
        {
            store[name] = bytes;
        }

        return store;
    }

    /// <summary>Writes the objects into a directory, and the key file beside it.</summary>
    public void Unpack(string directory, string keyFile)
    {
        foreach (var (name, bytes) in Stored)
        {
            var path = Path.Combine(directory, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, bytes);
        }

        SecretFile.WriteNew(new LinuxFileSystem(), new OsEntropy(), keyFile, KeyText);
    }

    /// <summary>Makes the text with today's code, for a version that has none yet.</summary>
    public static async Task<string> MakeAsync(CancellationToken ct)
    {
        using var sample = await SampleRepository.GoodAsync(Seed);
        var catalog = new SnapshotCatalog(sample.Objects);
        await AddSegmentAsync(sample, ct);
        await catalog.TryBeginAsync(
            new TimelineBegin
            {
                Timeline = 2,
                ClusterId = "cdf818194e3a8c32",
                Parent = 1,
                ParentRevision = 62,
                Reason = "a fixture",
                Begun = sample.Time.Now,
            },
            ct);
        var entries = await catalog.ListAsync(SampleRepository.Timeline, ct);
        await AddCheckAndPlanAsync(sample, entries, ct);
        using var passphrase = new Passphrase(PassphraseText);
        await KeySlots.AddAsync(sample.Opened, passphrase, new InlineCpuPool(), sample.Entropy, sample.Time, ct);
        return TextOf(sample);
    }

    /// <summary>Makes the text of one with kits.</summary>
    public static async Task<string> MakeWithKitsAsync(CancellationToken ct)
    {
        using var sample = await SampleRepository.NewAsync(Seed);
        var kits = new KitStore(sample.Objects, SampleRepository.Timeline);
        var image = SampleDatabase.Good(keys: 40).ToImage();
        var partial = await kits.PutAsync(KitFixture.Partial, sample.NextId(), ct);
        var whole = await kits.PutAsync(KitFixture.Whole, sample.NextId(), ct);
        var newest = await sample.SnapshotAsync(image, revision: 44);
        foreach (var kit in (KitReference[])[partial, partial, whole])
        {
            newest = await sample.SnapshotAsync(image, revision: 44, newest, made => made with { Kit = kit });
        }

        return TextOf(sample);
    }

    private static string TextOf(SampleRepository sample)
    {
        // What SampleRepository made it with.
        var entropy = new SeededEntropy(Seed);
        using var keyFile = KeyFile.New("/key", RepositoryId.New(entropy), entropy);
        var text = new StringBuilder("# A repository of format version 1, by which later versions prove that they read "
            + "it. Never made anew.\n# Each object, and the key file, in base64.\n");
        Append(text, KeyName, Encoding.ASCII.GetBytes(keyFile.ToText() + "\n"));
        foreach (var name in sample.Store.Names)
        {
            Append(text, name, sample.Store[name]!);
        }

        return text.ToString();
    }

    /// <summary>Revision 61 puts and deletes; 62 deletes.</summary>
    private static async Task AddSegmentAsync(SampleRepository sample, CancellationToken ct)
    {
        var writer = new SegmentWriter();
        var put = new ArrayBufferWriter<byte>();
        new KeyValue
        {
            Key = "/log/60"u8,
            Value = "again"u8,
            CreateRevision = 60,
            ModRevision = 61,
            Version = 2,
        }.Write(put);
        writer.AddChange(ChangeKind.Put, put.WrittenSpan);
        AddDelete(writer, "/log/59"u8);
        writer.CompleteRevision(61, sample.Time.Now);
        AddDelete(writer, "/log/60"u8);
        writer.CompleteRevision(62, sample.Time.Now);
        using var content = writer.Finish(new SegmentOrigin(1, 2, 3, 4), []);
        var name = new SegmentName(61, 62, sample.NextId().Value);
        await sample.Log.PutAsync(name, sample.Log.Seal(name, content.Bytes.Span), ct);
    }

    private static void AddDelete(SegmentWriter writer, ReadOnlySpan<byte> key)
    {
        var bytes = new ArrayBufferWriter<byte>();
        new KeyValue { Key = key }.Write(bytes);
        writer.AddChange(ChangeKind.Delete, bytes.WrittenSpan);
    }

    private static async Task AddCheckAndPlanAsync(
        SampleRepository sample, IReadOnlyList<SnapshotEntry> entries, CancellationToken ct)
    {
        var check = new SnapshotCheck
        {
            Snapshot = entries[^1].Id.Value,
            Depth = CheckDepth.All,
            Image = true,
            Checked = sample.Time.Now,
            Findings = 0,
            Version = "0.1.0",
        };
        await new SnapshotChecks(sample.Objects, SampleRepository.Timeline)
            .RecordAsync(check, sample.Time, sample.Entropy, ct);
        var plan = new PrunePlan
        {
            Created = sample.Time.Now,
            Snapshots = [entries[0].Name.Value],
            Log = [new PruneLogRange(1, 44)],
        };
        await new PrunePlans(sample.Objects).WriteAsync(plan, sample.NextId(), ct);
    }

    private static void Append(StringBuilder text, string name, byte[] bytes)
    {
        text.Append("object ").Append(name).Append('\n');
        foreach (var line in bytes.Chunk(LineBytes))
        {
            text.Append(Convert.ToBase64String(line)).Append('\n');
        }
    }
}
