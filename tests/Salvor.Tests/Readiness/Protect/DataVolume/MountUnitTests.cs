using Salvor.Readiness.Protect.DataVolume;

namespace Salvor.Tests.Readiness.Protect.DataVolume;

public sealed class MountUnitTests
{
    /// <summary>As systemd-escape --path --suffix=mount says.</summary>
    [Theory]
    [InlineData("/var/lib/etcd", "var-lib-etcd.mount")]
    [InlineData("/var/lib/etcd/", "var-lib-etcd.mount")]
    [InlineData("/srv/a-b c", "srv-a\\x2db\\x20c.mount")]
    [InlineData("/.hidden/x.y", "\\x2ehidden-x.y.mount")]
    [InlineData("/ü", "\\xc3\\xbc.mount")]
    public void Units_have_the_names_that_systemd_wants(string path, string name) =>
        Assert.Equal(name, MountUnit.NameOf(path));
}
