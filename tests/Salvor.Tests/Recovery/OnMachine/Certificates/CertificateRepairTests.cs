using System.Security.Cryptography.X509Certificates;
using Salvor.Errors;
using Salvor.Platform;
using Salvor.Platform.Linux;
using Salvor.Recovery.Engine;
using Salvor.Recovery.OnMachine.Certificates;
using Salvor.Tests.DataDirectory;
using static Salvor.Tests.Recovery.OnMachine.Certificates.ClusterPki;

namespace Salvor.Tests.Recovery.OnMachine.Certificates;

public sealed class CertificateRepairTests
{
    private const string Kept = "/var/lib/salvor/quarantine/certificates";

    /// <summary>The authority's key identifier: the one extension that is made anew.</summary>
    private const string AuthorityKeyId = "2.5.29.35";

    private static readonly string[] All = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_expired_certificate_is_renewed_as_it_was(bool isRsa)
    {
        using var pki = new ClusterPki(isRsa);
        var old = Leaves.Keys.ToDictionary(path => path, pki.Read);
        Assert.All(Leaves, leaf => Assert.False(pki.Holds(old[leaf.Key], leaf.Value)));
        new LinuxFileSystem().SetMode(pki.Machine.PathOf("/etc/kubernetes/admin.conf"), UnixFileMode.UserRead);

        var result = Renew(pki);

        Assert.Equal(StepResult.Done, result.Report.Result);
        Assert.Equal(All, result.ComponentsToRestart.Order());
        foreach (var (path, authority) in Leaves)
        {
            using var renewed = pki.Read(path);
            Assert.True(pki.Holds(renewed, authority), path);
            ShouldBeAlike(old[path], renewed);
            Assert.Equal(pki.Machine.Time.GetUtcNow() + TimeSpan.FromDays(365), Ends(renewed));
        }

        Assert.Equal(
            UnixFileMode.UserRead, new LinuxFileSystem().Stat(pki.Machine.PathOf("/etc/kubernetes/admin.conf"))!.Mode);
        Assert.Equal(8, pki.Machine.Texts(Kept).Count); // All but kubelet's, which stays where it is.
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            new LinuxFileSystem().Stat(pki.Machine.PathOf("/var/lib/salvor/quarantine"))!.Mode);
    }

    [Fact]
    public void Only_the_certificate_changes_in_a_kubeconfig()
    {
        using var pki = new ClusterPki();
        const string Path = "/etc/kubernetes/admin.conf";
        var before = pki.Machine.Read(Path);

        Renew(pki);

        Assert.Equal(WithoutCertificate(before), WithoutCertificate(pki.Machine.Read(Path)));
        Assert.NotEqual(before, pki.Machine.Read(Path));
        Assert.Contains(before, pki.Machine.Texts(Kept));
    }

    [Fact]
    public void Kubelets_link_is_led_to_a_new_file_with_the_same_key()
    {
        using var pki = new ClusterPki();
        var before = pki.Machine.Read(KubeletFile);

        Renew(pki);

        Assert.Equal("/var/lib/kubelet/pki/kubelet-client-2026-11-22-22-00-00.pem", pki.Target);
        Assert.Equal(before, pki.Machine.Read(KubeletFile));
        Assert.Equal(KeyOf(before), KeyOf(pki.Machine.Read(pki.Target)));
    }

    [Fact]
    public void Those_that_soon_expire_are_renewed_along_and_the_others_stay()
    {
        using var pki = new ClusterPki(leafDays: 31);
        Assert.Contains("No certificate", Renew(pki).Report.Detail, StringComparison.Ordinal);
        pki.WriteLeaf("etcd/peer", "etcd/ca", 29);
        Assert.Contains("No certificate", Renew(pki).Report.Detail, StringComparison.Ordinal);
        pki.WriteLeaf("etcd/server", "etcd/ca", -1);
        var before = pki.Machine.Read($"{Pki}/apiserver.crt");

        var result = Renew(pki);

        Assert.Equal("etcd", Assert.Single(result.ComponentsToRestart));
        Assert.Equal(
            pki.Machine.Time.GetUtcNow() + TimeSpan.FromDays(365),
            Ends(pki.Read($"{Pki}/etcd/peer.crt")));
        Assert.Equal(before, pki.Machine.Read($"{Pki}/apiserver.crt"));
    }

    [Fact]
    public void A_certificate_does_not_outlive_its_authority()
    {
        using var pki = new ClusterPki(authorityDays: 100);

        Renew(pki);

        Assert.Equal(
            pki.Machine.Time.GetUtcNow() + TimeSpan.FromDays(100),
            Ends(pki.Read($"{Pki}/apiserver.crt")));
    }

    [Theory]
    [InlineData("without a key")]
    [InlineData("of an authority that expired")]
    [InlineData("of another authority of that name")]
    [InlineData("by a clock that is not proven")]
    [InlineData("while kubeadm runs")]
    public void It_is_refused_and_nothing_is_changed(string what)
    {
        using var pki = new ClusterPki(authorityDays: what == "of an authority that expired" ? -2 : 3650);
        var isClockKept = what != "by a clock that is not proven";
        switch (what)
        {
            case "without a key":
                pki.Machine.Delete($"{Pki}/etcd/ca.key");
                break;
            case "of another authority of that name":
                pki.ReplaceAuthority("etcd/ca");
                break;
            case "by a clock that is not proven":
                pki.Machine.Delete("/run/systemd/timesync/synchronized");
                break;
            default:
                pki.Machine.RunProcess(7, what == "while kubeadm runs" ? "kubeadm" : "kubelet");
                break;
        }

        var before = pki.Machine.Texts("/etc/kubernetes");

        var result = Renew(pki, isClockKept: isClockKept);

        Assert.Equal(StepResult.Refused, result.Report.Result);
        Assert.Empty(result.ComponentsToRestart);
        Assert.Equal(before, pki.Machine.Texts("/etc/kubernetes"));
        Assert.False(Directory.Exists(pki.Machine.PathOf(Kept)));
    }

    [Fact]
    public void A_key_of_another_authority_signs_nothing()
    {
        using var pki = new ClusterPki();
        pki.Machine.Write($"{Pki}/ca.key", pki.Machine.Read($"{Pki}/etcd/ca.key"), TimeSpan.Zero);

        var e = Assert.Throws<SalvorException>(() => Renew(pki));

        Assert.Contains("is not the key of", e.Message, StringComparison.Ordinal);
        Assert.NotNull(e.Hint);
    }

    [Fact]
    public void A_power_cut_at_any_point_leaves_whole_files_and_the_next_run_ends_it()
    {
        for (var cutAt = 0; ; cutAt++)
        {
            using var pki = new ClusterPki();
            var old = Leaves.Keys.ToDictionary(path => path, path => pki.Read(path).SerialNumber);
            var files = new FaultyFileSystem(new LinuxFileSystem()) { CutAt = cutAt };
            try
            {
                Renew(pki, files);
            }
            catch (PowerCutException)
            {
                // What is left is looked at next.
            }

            Assert.All(Leaves, leaf => Assert.True(
                pki.Read(leaf.Key) is var left && (left.SerialNumber == old[leaf.Key] || pki.Holds(left, leaf.Value))));
            pki.Machine.Time.Advance(TimeSpan.FromSeconds(5)); // kubelet's next file has another name.

            var again = Renew(pki);

            Assert.Equal(StepResult.Done, again.Report.Result);
            Assert.Equal(All, again.ComponentsToRestart.Order()); // Whoever renewed them.
            Assert.All(Leaves, leaf => Assert.True(pki.Holds(pki.Read(leaf.Key), leaf.Value)));
            Assert.DoesNotContain(pki.Machine.Names(Pki), name => name.StartsWith('.'));
            Assert.DoesNotContain(pki.Machine.Names("/var/lib/kubelet/pki"), name => name.StartsWith('.'));
            if (!files.WasHit)
            {
                return;
            }
        }
    }

    private static RenewalResult Renew(ClusterPki pki, IFileSystem? files = null, bool isClockKept = true)
    {
        var machine = pki.Machine.Through(files ?? new LinuxFileSystem());
        var clock = new ClockLook(machine, pki.Machine.Time, () => isClockKept);
        return new CertificateRepair(machine, pki.Machine.Time, new SeededEntropy(5), clock).RenewCertificates();
    }

    private static DateTimeOffset Ends(X509Certificate2 certificate) => certificate.NotAfter.ToUniversalTime();

    private static void ShouldBeAlike(X509Certificate2 old, X509Certificate2 renewed)
    {
        Assert.Equal(old.SubjectName.RawData, renewed.SubjectName.RawData);
        Assert.Equal(old.IssuerName.RawData, renewed.IssuerName.RawData);
        Assert.Equal(old.PublicKey.ExportSubjectPublicKeyInfo(), renewed.PublicKey.ExportSubjectPublicKeyInfo());
        Assert.Equal(old.SignatureAlgorithm.Value, renewed.SignatureAlgorithm.Value);
        Assert.NotEqual(old.SerialNumber, renewed.SerialNumber);
        Assert.Equal(Extensions(old), Extensions(renewed));
        Assert.Single(renewed.Extensions, extension => extension.Oid!.Value == AuthorityKeyId);
    }

    private static List<string> Extensions(X509Certificate2 certificate) =>
    [
        .. certificate.Extensions.Where(extension => extension.Oid!.Value != AuthorityKeyId)
            .Select(extension =>
                $"{extension.Oid!.Value} {extension.Critical} {Convert.ToHexString(extension.RawData)}"),
    ];

    private static string WithoutCertificate(string kubeconfig) => string.Join('\n', kubeconfig.Split('\n')
        .Where(line => !line.Contains("client-certificate-data", StringComparison.Ordinal)));

    private static string KeyOf(string pem) => pem[pem.IndexOf("-----BEGIN EC", StringComparison.Ordinal)..];
}
