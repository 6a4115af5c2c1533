using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Salvor.Errors;
using Salvor.Readiness.Protect.Machine;

namespace Salvor.Readiness.Protect.Endpoint;

/// <summary>Certificates in files of the machine.</summary>
internal static class PemCertificates
{
    /// <exception cref="SalvorException">There is none in it.</exception>
    public static X509Certificate2Collection Read(NodeText file)
    {
        var all = new X509Certificate2Collection();
        try
        {
            all.ImportFromPem(file.Text);
        }
        catch (CryptographicException e)
        {
            throw Bad(file, e);
        }

        return all.Count > 0 ? all : throw Bad(file, inner: null);
    }

    public static SalvorException Bad(NodeText file, Exception? inner) =>
        new(ErrorCode.WrongKind, $"{file.Path} holds no certificate, or no key, that can be read.", inner)
        {
            Hint = "kubeadm certs renew apiserver makes the API server's certificate anew.",
        };
}
