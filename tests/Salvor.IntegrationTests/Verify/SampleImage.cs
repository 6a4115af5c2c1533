using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Salvor.Formats.Bbolt;
using Salvor.Formats.Etcd;

namespace Salvor.IntegrationTests.Verify;

/// <summary>A keyspace in pages of a size that no etcd on this machine would choose.</summary>
internal sealed class SampleImage(int pageSizeBytes) : IPageSink
{
    public const int KeyCount = 500;

    private byte[] _bytes = [];

    public byte[] ToSnapshot()
    {
        var writer = new BulkWriter(this, pageSizeBytes, leafPages: 1);
        writer.BeginBucket(BucketNames.Key);
        for (var revision = 2L; revision < KeyCount + 2; revision++)
        {
            var key = new byte[RevisionKey.PutBytes];
            new RevisionKey(new Revision(revision, 0), IsTombstone: false).Write(key);
            var value = new ArrayBufferWriter<byte>();
            new KeyValue
            {
                Key = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"/k{revision}")),
                Value = new byte[200],
                CreateRevision = revision,
                ModRevision = revision,
                Version = 1,
            }.Write(value);
            writer.Add(key, value.WrittenSpan);
        }

        writer.EndBucket();
        _ = writer.Finish();
        return [.. _bytes, .. SHA256.HashData(_bytes)];
    }

    public void WriteAt(long offset, ReadOnlySpan<byte> data)
    {
        var end = (int)offset + data.Length;
        Array.Resize(ref _bytes, Math.Max(end, _bytes.Length));
        data.CopyTo(_bytes.AsSpan((int)offset));
    }
}
