using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Salvor.Errors;
using Salvor.Platform;
using Salvor.Readiness.Protect.Machine;

namespace Salvor.Recovery.OnMachine.Certificates;

/// <summary>An authority of the cluster whose key is on this machine.</summary>
internal sealed class CertificateAuthority : IDisposable
{
    private const string AuthorityKeyId = "2.5.29.35";
    private const int SerialBytes = 16;

    /// <summary>As kubeadm gives.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    /// <summary>Other machines' clocks may be a little behind.</summary>
    private static readonly TimeSpan Backdated = TimeSpan.FromHours(1);

    private readonly X509Certificate2 _certificate;
    private readonly AsymmetricAlgorithm _key;
    private readonly IEntropy _entropy;

    private CertificateAuthority(X509Certificate2 certificate, AsymmetricAlgorithm key, IEntropy entropy)
    {
        _certificate = certificate;
        _key = key;
        _entropy = entropy;
    }

    public DateTimeOffset NotAfter => _certificate.NotAfter.ToUniversalTime();

    /// <summary>
    /// The authority of a file; null where its key is elsewhere. Of a bundle, it is the certificate that the key
    /// belongs to.
    /// </summary>
    /// <exception cref="SalvorException">A file can't be read, or is not what it should be.</exception>
    public static CertificateAuthority? TryLoad(NodeFiles machine, CertificatePlace place, IEntropy entropy)
    {
        if (machine.TryRead(place.KeyPath) is not { } keyFile || machine.TryRead(place.Path) is not { } file)
        {
            return null;
        }

        var key = LoadKey(keyFile);
        var sources = CertificateSource.Read(place, file.Text);
        var own = sources.FirstOrDefault(source => Spki(key).AsSpan()
            .SequenceEqual(source.Certificate.PublicKey.ExportSubjectPublicKeyInfo()));
        foreach (var other in sources.Where(source => source != own))
        {
            other.Dispose();
        }

        if (own is null)
        {
            key.Dispose();
            throw new SalvorException(ErrorCode.WrongKind, $"{keyFile.Path} is not the key of {file.Path}.")
            {
                Hint = "Put both back from the kit, with salvor restore --kit.",
            };
        }

        return new CertificateAuthority(own.Certificate, key, entropy);
    }

    /// <summary>Whether a certificate names this authority as its signer.</summary>
    public bool Signed(X509Certificate2 leaf) =>
        leaf.IssuerName.RawData.AsSpan().SequenceEqual(_certificate.SubjectName.RawData) && IsKeyOf(leaf);

    /// <summary>
    /// A certificate with the same subject, names, uses and key, and a new number and time. It is checked against the
    /// authority before anybody gets it.
    /// </summary>
    public X509Certificate2 Renew(X509Certificate2 old, DateTimeOffset now)
    {
        var request = new CertificateRequest(old.SubjectName, old.PublicKey, Hash(), RSASignaturePadding.Pkcs1);
        foreach (var extension in old.Extensions.Where(extension => extension.Oid?.Value != AuthorityKeyId))
        {
            request.CertificateExtensions.Add(extension);
        }

        if (_certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Any())
        {
            request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
                _certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        }

        var begin = Later(now - Backdated, _certificate.NotBefore.ToUniversalTime());
        var end = now + Lifetime < NotAfter ? now + Lifetime : NotAfter;
        var renewed = request.Create(_certificate.SubjectName, Generator(), begin, end, NewSerial());
        if (IsGood(renewed, now))
        {
            return renewed;
        }

        renewed.Dispose();
        throw new SalvorException(ErrorCode.Failed, $"A new certificate of {old.Subject} does not hold.")
        {
            Hint = "Renew it with kubeadm certs renew. Nothing of it was written.",
        };
    }

    public void Dispose()
    {
        _key.Dispose();
        _certificate.Dispose();
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static AsymmetricAlgorithm LoadKey(NodeText file)
    {
        var isCurve = file.Text.Contains("BEGIN EC ", StringComparison.Ordinal);
        return (isCurve ? null : TryLoad(RSA.Create, (rsa, pem) => rsa.ImportFromPem(pem), file.Text))
            ?? TryLoad(ECDsa.Create, (curve, pem) => curve.ImportFromPem(pem), file.Text)
            ?? throw new SalvorException(ErrorCode.WrongKind, $"{file.Path} holds no RSA or ECDSA key.")
            {
                Hint = "It must be PEM without a passphrase, as kubeadm writes it.",
            };
    }

    private static AsymmetricAlgorithm? TryLoad<T>(Func<T> make, Action<T, string> import, string pem)
        where T : AsymmetricAlgorithm
    {
        var key = make();
        try
        {
            import(key, pem);
            return key;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            key.Dispose();
            return null;
        }
    }

    private static byte[] Spki(AsymmetricAlgorithm key) => key.ExportSubjectPublicKeyInfo();

    /// <summary>Two authorities may have one name: then the identifiers of their keys tell.</summary>
    private bool IsKeyOf(X509Certificate2 leaf)
    {
        var named = leaf.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().FirstOrDefault()?.KeyIdentifier;
        var own = _certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault();
        return named is null || own is null || named.Value.Span.SequenceEqual(own.SubjectKeyIdentifierBytes.Span);
    }

    private HashAlgorithmName Hash() => _key is ECDsa curve
        ? curve.KeySize switch
        {
            <= 256 => HashAlgorithmName.SHA256,
            <= 384 => HashAlgorithmName.SHA384,
            _ => HashAlgorithmName.SHA512,
        }
        : HashAlgorithmName.SHA256;

    private X509SignatureGenerator Generator() => _key is RSA rsa
        ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1)
        : X509SignatureGenerator.CreateForECDsa((ECDsa)_key);

    /// <summary>Positive, and never with a zero first: both make encodings that others refuse.</summary>
    private byte[] NewSerial()
    {
        var serial = new byte[SerialBytes];
        _entropy.Fill(serial);
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40);
        return serial;
    }

    /// <summary>Whether it is signed by this authority, and good now. The authority itself may have a signer.</summary>
    private bool IsGood(X509Certificate2 renewed, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        const X509ChainStatusFlags Fine = X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot;
        return chain.Build(renewed)
            && chain.ChainElements.Count > 1
            && chain.ChainElements[1].Certificate.RawDataMemory.Span.SequenceEqual(_certificate.RawDataMemory.Span)
            && chain.ChainStatus.All(status => (status.Status & ~Fine) == X509ChainStatusFlags.NoError);
    }
}
