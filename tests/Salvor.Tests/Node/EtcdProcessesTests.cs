using System.Text;
using Salvor.Node;

namespace Salvor.Tests.Node;

public sealed class EtcdProcessesTests
{
    [Theory]
    [InlineData("etcd|--data-dir=/var/lib/etcd", "/var/lib/etcd")]
    [InlineData("/usr/local/bin/etcd|--name|x|--data-dir|/var/lib/etcd/", "/var/lib/etcd")]
    [InlineData("etcd|-data-dir=/a|--data-dir=/b", "/b")]
    [InlineData("etcd|--data-dir=/", "/")]
    [InlineData("etcd|--data-dir", null)]
    [InlineData("etcd|--name=x", null)]
    [InlineData("etcdctl|--data-dir=/var/lib/etcd", null)]
    [InlineData("grep|etcd|--data-dir=/var/lib/etcd", null)]
    [InlineData("", null)]
    public void Only_etcds_own_command_line_counts(string words, string? directory) =>
        Assert.Equal(directory, EtcdProcesses.DataDirectoryOf(Encoding.UTF8.GetBytes(words.Replace('|', '\0') + "\0")));
}
