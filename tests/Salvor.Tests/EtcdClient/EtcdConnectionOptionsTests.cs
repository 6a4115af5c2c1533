using Salvor.EtcdClient;

namespace Salvor.Tests.EtcdClient;

public sealed class EtcdConnectionOptionsTests
{
    [Fact]
    public void Every_fault_is_told_at_once()
    {
        var options = new EtcdConnectionOptions
        {
            Endpoints = [new Uri("ftp://a:1"), new Uri("http://ok:2379"), new Uri("http://b:1/path")],
            ClientCertificateFile = "x.crt",
            User = "root",
            CallTimeout = TimeSpan.Zero,
            KeepAliveInterval = TimeSpan.FromSeconds(1),
        };

        Assert.Equal(6, options.Validate().Length);
        Assert.Empty(new EtcdConnectionOptions { Endpoints = [new Uri("http://ok:2379")] }.Validate());
    }

    [Fact]
    public void A_password_does_not_show_in_print()
    {
        var options = new EtcdConnectionOptions
        {
            Endpoints = [new Uri("http://ok:2379")],
            User = "root",
            Password = new EtcdPassword("secret"),
        };

        Assert.DoesNotContain("secret", options.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0x61 }, new byte[] { 0x62 })]
    [InlineData(new byte[] { 0x61, 0xFF }, new byte[] { 0x62 })]
    [InlineData(new byte[] { 0xFF, 0xFF }, new byte[] { 0 })]
    [InlineData(new byte[] { }, new byte[] { 0 })]
    public void A_prefix_ends_before_the_first_key_above_it(byte[] prefix, byte[] end) =>
        Assert.Equal(end, KeyRange.Prefix(prefix).End.ToArray());
}
