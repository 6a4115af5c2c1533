using System.Text;
using Salvor.EtcdClient;

namespace Salvor.Tests.EtcdClient;

public sealed class EtcdGaugesTextTests
{
    private const string Good = """
        # HELP etcd_disk_wal_fsync_duration_seconds The latency distributions of fsync called by WAL.
        # TYPE etcd_disk_wal_fsync_duration_seconds histogram
        etcd_disk_wal_fsync_duration_seconds_bucket{le="0.001"} 12
        etcd_disk_wal_fsync_duration_seconds_sum 0.25
        etcd_disk_wal_fsync_duration_seconds_count 100
        etcd_mvcc_db_total_size_in_bytes 2.5165824e+07
        etcd_mvcc_db_total_size_in_use_in_bytes 1.6384e+07
        etcd_server_quota_backend_bytes 2.147483648e+09
        """;

    [Fact]
    public void What_etcd_says_is_found_among_the_rest() =>
        Assert.Equal(new EtcdGauges(25_165_824, 2_147_483_648, 100, 0.25), Parse(Good));

    [Fact]
    public void Something_else_than_an_etcd_says_nothing()
    {
        Assert.Null(Parse("<html>not found</html>"));
        Assert.Null(Parse(""));
        Assert.Null(Parse("etcd_mvcc_db_total_size_in_bytes NaN\n"));
        Assert.Null(Parse("etcd_mvcc_db_total_size_in_bytes -1\n"));
        Assert.Null(Parse("etcd_mvcc_db_total_size_in_bytes"));
    }

    [Fact]
    public void What_is_missing_is_zero() =>
        Assert.Equal(new EtcdGauges(7, 0, 0, 0), Parse("x\netcd_mvcc_db_total_size_in_bytes 7"));

    private static EtcdGauges? Parse(string text) => EtcdGaugesText.Parse(Encoding.UTF8.GetBytes(text));
}
