using Salvor.Recovery.Evidence;
using Salvor.Recovery.OnMachine.Certificates;
using static Salvor.Tests.Recovery.OnMachine.Certificates.ClusterPki;

namespace Salvor.Tests.Recovery.OnMachine.Certificates;

public sealed class CertificateLookTests
{
    [Fact]
    public void Expired_leaves_are_named_and_the_next_to_expire_is_known()
    {
        using var pki = new ClusterPki(leafDays: 40);
        var look = new CertificateLook(pki.Machine.Files, pki.Machine.Time);
        var seen = look.Look();
        Assert.Equal(Truth.No, seen[Sign.LeafExpired].Truth);
        Assert.Equal(Truth.No, seen[Sign.CaExpired].Truth);
        Assert.Equal(Truth.Yes, seen[Sign.CaKeyPresent].Truth);
        Assert.Equal(pki.Machine.Time.GetUtcNow() + TimeSpan.FromDays(40), look.Next!.NotAfter);

        // The same look, later: nothing is read again, and its dates are judged anew.
        pki.Machine.Time.Advance(TimeSpan.FromDays(41));
        seen = look.Look();
        Assert.Equal(Truth.Yes, seen[Sign.LeafExpired].Truth);
        Assert.Equal(Leaves.Count, seen[Sign.LeafExpired].Detail.Split(',').Length);

        pki.WriteLeaf("apiserver", "ca", 500);
        Assert.DoesNotContain("apiserver.crt", look.Look()[Sign.LeafExpired].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_good_yet_has_not_expired()
    {
        using var pki = new ClusterPki(leafDays: 40);
        pki.Machine.Time.Advance(TimeSpan.FromDays(-4000));
        var seen = new CertificateLook(pki.Machine.Files, pki.Machine.Time).Look();

        Assert.Equal(Truth.No, seen[Sign.LeafExpired].Truth);
        Assert.Equal(Truth.No, seen[Sign.CaExpired].Truth);
    }

    [Fact]
    public void The_key_that_counts_is_that_of_the_expired_ones_authority()
    {
        using var pki = new ClusterPki(leafDays: 40);
        pki.WriteLeaf("apiserver", "ca", -1);
        pki.Machine.Delete($"{Pki}/etcd/ca.key");
        var look = new CertificateLook(pki.Machine.Files, pki.Machine.Time);
        Assert.Equal(Truth.Yes, look.Look()[Sign.CaKeyPresent].Truth);

        // A look of its own: here the file is written anew in its place, at the same time and perhaps of the same size.
        pki.WriteLeaf("etcd/server", "etcd/ca", -1);
        var seen = new CertificateLook(pki.Machine.Files, pki.Machine.Time).Look()[Sign.CaKeyPresent];
        Assert.Equal(Truth.No, seen.Truth);
        Assert.Contains("etcd/server.crt", seen.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void An_expired_authority_is_named_and_a_bundle_with_a_good_one_is_not()
    {
        using var pki = new ClusterPki(leafDays: -2, authorityDays: -1);
        var look = new CertificateLook(pki.Machine.Files, pki.Machine.Time);
        Assert.Equal(3, look.Look()[Sign.CaExpired].Detail.Split(',').Length);

        var old = pki.Machine.Read($"{Pki}/ca.crt");
        pki.ReplaceAuthority("ca");
        pki.Machine.Write($"{Pki}/ca.crt", old + pki.Machine.Read($"{Pki}/ca.crt"), TimeSpan.Zero);
        Assert.Equal(2, look.Look()[Sign.CaExpired].Detail.Split(',').Length);
    }

    [Fact]
    public void A_machine_without_a_control_plane_says_nothing_and_a_broken_file_says_nothing_of_dates()
    {
        using var machine = new RepairMachine();
        Assert.Empty(new CertificateLook(machine.Files, machine.Time).Look().Known);

        using var pki = new ClusterPki(leafDays: 40);
        pki.Machine.Write($"{Pki}/apiserver.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            TimeSpan.Zero);
        pki.Machine.Write("/etc/kubernetes/admin.conf", "users: [{user: {client-certificate-data: '%'}}]",
            TimeSpan.Zero);
        var look = new CertificateLook(pki.Machine.Files, pki.Machine.Time);
        Assert.Equal(Truth.No, look.Look()[Sign.LeafExpired].Truth);
        Assert.NotNull(look.Next);
    }
}
