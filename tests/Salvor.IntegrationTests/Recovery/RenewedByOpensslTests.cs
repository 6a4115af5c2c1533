using Salvor.IntegrationTests.Support;
using Salvor.Platform;
using Salvor.Platform.Linux;
using Salvor.Readiness.Protect.Machine;
using Salvor.Recovery.Engine;
using Salvor.Recovery.OnMachine.Certificates;

namespace Salvor.IntegrationTests.Recovery;

/// <summary>openssl makes the certificates, and judges what they became.</summary>
public sealed class RenewedByOpensslTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("rsa:2048")]
    [InlineData("ec")]
    public async Task What_is_renewed_is_verified_by_openssl_with_its_old_key(string algorithm)
    {
        var pki = _directory["etc/kubernetes/pki"];
        Directory.CreateDirectory(pki);
        Directory.CreateDirectory(_directory["proc/1"]);
        string[] kind = algorithm == "ec"
            ? ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
            : ["-newkey", algorithm];
        await OpensslAsync(pki, ["req", "-x509", "-nodes", .. kind, "-keyout", "ca.key", "-out", "ca.crt",
            "-subj", "/CN=kubernetes", "-days", "3650", "-addext", "keyUsage=critical,keyCertSign,cRLSign"]);
        await OpensslAsync(pki, ["req", "-nodes", .. kind, "-keyout", "apiserver.key", "-out", "apiserver.csr",
            "-subj", "/CN=kube-apiserver", "-addext", "subjectAltName=DNS:kubernetes,IP:10.0.0.5"]);
        await OpensslAsync(pki, ["x509", "-req", "-in", "apiserver.csr", "-CA", "ca.crt", "-CAkey", "ca.key",
            "-CAcreateserial", "-copy_extensions", "copy", "-days", "1", "-out", "apiserver.crt"]);
        var machine = new NodeFiles(new LinuxFileSystem(), _directory.FullName);
        var time = new LateTime(TimeSpan.FromDays(2)); // The leaf has expired by then.
        var clock = new ClockLook(machine, time, () => true);

        var result = new CertificateRepair(machine, time, new OsEntropy(), clock).RenewCertificates();

        Assert.True(result.Report.Result == StepResult.Done, result.Report.Detail);
        var at = (time.GetUtcNow() + TimeSpan.FromDays(300)).ToUnixTimeSeconds();
        await OpensslAsync(pki, ["verify", "-x509_strict", "-purpose", "any", "-attime", $"{at}",
            "-CAfile", "ca.crt", "-verify_hostname", "kubernetes", "apiserver.crt"]);
        await OpensslAsync(pki, ["verify", "-attime", $"{at}", "-CAfile", "ca.crt", "-verify_ip", "10.0.0.5",
            "apiserver.crt"]);
        var certificateKey = await OpensslAsync(pki, ["x509", "-in", "apiserver.crt", "-noout", "-pubkey"]);
        Assert.Equal(certificateKey, await OpensslAsync(pki, ["pkey", "-in", "apiserver.key", "-pubout"]));
    }

    private static async Task<string> OpensslAsync(string directory, IReadOnlyList<string> arguments)
    {
        string[] inDirectory = [.. arguments.Select(a => IsFile(a) ? Path.Combine(directory, a) : a)];
        return (await ToolProcess.RunAsync("openssl", inDirectory)).ShouldExitWith(0).Stdout;
    }

    private static bool IsFile(string argument) => Path.GetExtension(argument) is ".crt" or ".key" or ".csr";

    /// <summary>The machine's clock, ahead by some time.</summary>
    private sealed class LateTime(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
