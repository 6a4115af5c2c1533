using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Salvor.Errors;
using Salvor.Formats.Bytes;
using Salvor.Platform;

namespace Salvor.EtcdClient;

/// <summary>The certificates that a connection is made with, read once.</summary>
internal sealed class TlsMaterial
{
    private const int PemBytesMax = 1 << 20;

    private TlsMaterial(EtcdConnectionOptions options, X509Certificate2Collection? roots,
        SslStreamCertificateContext? client)
    {
        Roots = roots;
        Client = client;
        CaFile = options.CaFile;
        ClientCertificateFile = options.ClientCertificateFile;
    }

    /// <summary>The signers to trust; null for the machine's own.</summary>
    public X509Certificate2Collection? Roots { get; }

    public SslStreamCertificateContext? Client { get; }

    public string? CaFile { get; }

    public string? ClientCertificateFile { get; }

    /// <exception cref="SalvorException">A file is missing, unreadable or no PEM.</exception>
    public static TlsMaterial Load(EtcdConnectionOptions options, IFileSystem fileSystem)
    {
        var roots = options.CaFile is { } caFile ? LoadCertificates(fileSystem, caFile) : null;
        var client = options is { ClientCertificateFile: { } certificate, ClientKeyFile: { } key }
            ? LoadClient(fileSystem, certificate, key)
            : null;
        return new TlsMaterial(options, roots, client);
    }

    private static SslStreamCertificateContext LoadClient(IFileSystem fileSystem, string certificateFile,
        string keyFile)
    {
        var chain = LoadCertificates(fileSystem, certificateFile);
        var keyPem = ReadText(fileSystem, keyFile);
        try
        {
            var certificate = X509Certificate2.CreateFromPem(chain[0].ExportCertificatePem(), keyPem);
            chain.RemoveAt(0);
            return SslStreamCertificateContext.Create(certificate, chain, offline: true);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new SalvorException(ErrorCode.EtcdTls, $"{keyFile} does not hold the key of {certificateFile}.", e)
            {
                Hint = "Name an unencrypted PEM key that belongs to the certificate.",
            };
        }
    }

    private static X509Certificate2Collection LoadCertificates(IFileSystem fileSystem, string path)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(ReadText(fileSystem, path));
        }
        catch (CryptographicException e)
        {
            throw NoCertificate(path, e);
        }

        return certificates.Count > 0 ? certificates : throw NoCertificate(path, inner: null);
    }

    private static SalvorException NoCertificate(string path, Exception? inner) =>
        new(ErrorCode.EtcdTls, $"{path} holds no certificate in PEM form.", inner)
        {
            Hint = "A PEM certificate begins with -----BEGIN CERTIFICATE-----.",
        };

    private static string ReadText(IFileSystem fileSystem, string path)
    {
        using var file = fileSystem.OpenRead(path);
        if (file.Length > PemBytesMax)
        {
            throw new SalvorException(ErrorCode.WrongKind, $"{path} is too large for a PEM file.");
        }

        var bytes = new byte[file.Length];
        file.ReadExactlyAt(0, bytes);
        return Encoding.UTF8.GetString(bytes);
    }
}
