using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Salvor.Formats.Bbolt;
using Salvor.Formats.Etcd;

namespace Salvor.IntegrationTests.Restore;

/// <summary>A snapshot of any size, written at the speed of the disk: no etcd has to be filled first.</summary>
internal sealed class LargeSnapshot : IPageSink, IDisposable
{
    private const int PageBytes = 4096;
    private const int ValueBytes = 1900;
    private const int VersionsPerKey = 4;

    private readonly FileStream _file;
    private readonly byte[] _value = new byte[ValueBytes];

    private LargeSnapshot(string path)
    {
        _file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite);
        new Random(1).NextBytes(_value);
    }

    /// <summary>The last revision; the first put is at 2.</summary>
    public long Head { get; private set; }

    public long Keys => (Head - 1) / VersionsPerKey;

    public static LargeSnapshot Write(string path, long bytes)
    {
        var snapshot = new LargeSnapshot(path);
        snapshot.Write(bytes);
        return snapshot;
    }

    public static string Key(long index) => string.Create(CultureInfo.InvariantCulture, $"/registry/pods/{index:d8}");

    /// <summary>What a put's value begins with.</summary>
    public static string Mark(long revision) => revision.ToString("d12", CultureInfo.InvariantCulture);

    public void WriteAt(long offset, ReadOnlySpan<byte> data) => RandomAccess.Write(_file.SafeFileHandle, data, offset);

    public void Dispose() => _file.Dispose();

    private void Write(long bytes)
    {
        var writer = new BulkWriter(this, PageBytes, leafPages: 1);
        writer.BeginBucket(BucketNames.Key);
        var key = new byte[RevisionKey.PutBytes];
        var entry = new ArrayBufferWriter<byte>();
        var keys = bytes / PageBytes * 2 / VersionsPerKey;
        for (var revision = 2L; revision < 2 + (keys * VersionsPerKey); revision++)
        {
            // Each key is put once, then each a second time, and so on: versions lie far from each other.
            var (version, index) = Math.DivRem(revision - 2, keys);
            Encoding.ASCII.GetBytes(Mark(revision), _value);
            entry.ResetWrittenCount();
            new KeyValue
            {
                Key = Encoding.ASCII.GetBytes(Key(index)),
                CreateRevision = index + 2,
                ModRevision = revision,
                Version = version + 1,
                Value = _value,
            }.Write(entry);
            new RevisionKey(new Revision(revision, 0), IsTombstone: false).Write(key);
            writer.Add(key, entry.WrittenSpan);
            Head = revision;
        }

        writer.EndBucket();
        writer.BeginBucket(BucketNames.Meta);
        writer.Add("consistent_index"u8, [0, 0, 0, 0, 0x7F, 0, 0, 0]);
        writer.EndBucket();
        _ = writer.Finish();
        AppendHash();
    }

    private void AppendHash()
    {
        _file.Position = 0;
        var hash = SHA256.HashData(_file);
        _file.Write(hash);
        _file.Flush();
    }
}
