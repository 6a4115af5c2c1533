using System.Buffers.Text;

namespace Salvor.EtcdClient;

/// <summary>Finds the gauges in Prometheus' text format: a name, a space and a number in each line.</summary>
internal static class EtcdGaugesText
{
    /// <summary>etcd's is some 150 KB; what is beyond this is not read.</summary>
    public const int BytesMax = 4 << 20;

    private static ReadOnlySpan<byte> Database => "etcd_mvcc_db_total_size_in_bytes "u8;

    private static ReadOnlySpan<byte> Quota => "etcd_server_quota_backend_bytes "u8;

    private static ReadOnlySpan<byte> Count => "etcd_disk_wal_fsync_duration_seconds_count "u8;

    private static ReadOnlySpan<byte> Sum => "etcd_disk_wal_fsync_duration_seconds_sum "u8;

    /// <returns>Null where the size of the database is not in it: then it is no etcd's.</returns>
    public static EtcdGauges? Parse(ReadOnlySpan<byte> text)
    {
        double? database = null;
        var gauges = default(EtcdGauges);
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range];
            if (ValueOf(line, Database) is { } bytes)
            {
                database = bytes;
            }

            gauges = gauges with
            {
                QuotaBytes = ValueOf(line, Quota) ?? gauges.QuotaBytes,
                FsyncCount = ValueOf(line, Count) ?? gauges.FsyncCount,
                FsyncSeconds = ValueOf(line, Sum) ?? gauges.FsyncSeconds,
            };
        }

        return database is { } size ? gauges with { DatabaseBytes = size } : null;
    }

    private static double? ValueOf(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
        line.StartsWith(name) && Utf8Parser.TryParse(line[name.Length..], out double value, out _)
            && double.IsFinite(value) && value >= 0
            ? value
            : null;
}
