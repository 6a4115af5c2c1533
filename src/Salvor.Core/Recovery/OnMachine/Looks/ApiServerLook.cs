using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.Node;
using Salvor.Platform;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.OnMachine.Probes;

namespace Salvor.Recovery.OnMachine.Looks;

/// <summary>What kube-apiserver says of itself, on its own machine.</summary>
/// <remarks>
/// kubelet's client certificate is shown where it is there: /readyz may be closed to the anonymous.
/// </remarks>
public sealed class ApiServerLook(AgentMachine machine) : IMachineLook, IDisposable
{
    private const string CertificateFile = "/etc/kubernetes/pki/apiserver-kubelet-client.crt";
    private const string KeyFile = "/etc/kubernetes/pki/apiserver-kubelet-client.key";
    private const int DefaultPort = 6443;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    private HttpProbe? _probe;
    private (FileStatus? Manifest, FileStatus? Certificate) _madeFor;

    public async Task<Observations> LookAsync(CancellationToken ct)
    {
        var probe = Probe();
        var live = await probe.AskAsync("/livez", ct);
        var ready = live.IsOk == Truth.No ? live : await probe.AskAsync("/readyz", ct);
        return Observations.None
            .With(Sign.ApiServerAccepts, live.Accepts, live.Detail)
            .With(Sign.ApiServerLive, live.IsOk, live.Detail)
            .With(Sign.ApiServerReady, ready.IsOk, ready.Detail);
    }

    public void Dispose() => _probe?.Dispose();

    /// <summary>A probe for the port and the certificate of now.</summary>
    private HttpProbe Probe()
    {
        var manifest = Path.Combine(machine.ManifestDirectory, "kube-apiserver.yaml");
        var now = (machine.Files.Stat(manifest), machine.Files.Stat(CertificateFile));
        if (_probe is { } probe && now == _madeFor)
        {
            return probe;
        }

        _probe?.Dispose();
        _madeFor = now;
        var port = PortOf(manifest);
        return _probe = new HttpProbe(new Uri($"https://127.0.0.1:{port}"), Certificate(), Limit, machine.Time);
    }

    private int PortOf(string manifest)
    {
        try
        {
            var containers = YamlDocument.Load(machine.Files, manifest).Map("spec").Items("containers");
            var port = containers.Select(EtcdFlags.Of).Select(flags => flags["secure-port"])
                .FirstOrDefault(text => text is not null);
            return int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number is > 0 and < 65536 ? number : DefaultPort;
        }
        catch (Exception e) when (e is SalvorException or CorruptDataException)
        {
            return DefaultPort;
        }
    }

    private X509Certificate2? Certificate()
    {
        try
        {
            return SmallFile.TryRead(machine.Files, CertificateFile, 1 << 20) is { } certificate
                && SmallFile.TryRead(machine.Files, KeyFile, 1 << 20) is { } key
                ? X509Certificate2.CreateFromPem(
                    System.Text.Encoding.UTF8.GetString(certificate), System.Text.Encoding.UTF8.GetString(key))
                : null;
        }
        catch (Exception e) when (e is SalvorException or CryptographicException or ArgumentException)
        {
            return null; // The anonymous may ask, as a rule.
        }
    }
}
