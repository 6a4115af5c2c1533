using Salvor.Formats.Etcd;

namespace Salvor.Tests.Etcd;

public sealed class MemberIdsTests
{
    [Fact]
    public void Ids_are_derived_as_etcd_derives_them()
    {
        var member = MemberIds.DeriveMember(["http://127.0.0.1:23891"], "tok1");
        Assert.Equal("7efb3d9893ad500c", member.ToString());
        Assert.Equal("dc77ec01c1842c6c", MemberIds.DeriveCluster([member]).ToString());
    }
}
