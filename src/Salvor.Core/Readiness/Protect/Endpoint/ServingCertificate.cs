using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Salvor.Errors;
using Salvor.Platform;
using Salvor.Readiness.Protect.Machine;

namespace Salvor.Readiness.Protect.Endpoint;

/// <summary>A serving certificate, and how it is made anew with one more name.</summary>
internal sealed class ServingCertificate : IDisposable
{
    private const string NamesOid = "2.5.29.17";
    private const string AuthorityKeyOid = "2.5.29.35";
    private const int SerialBytes = 8;

    /// <summary>What kubeadm gives its certificates.</summary>
    private const int ValidYears = 1;

    /// <summary>dNSName in GeneralName (RFC 5280, 4.2.1.6).</summary>
    private static readonly Asn1Tag DnsName = new(TagClass.ContextSpecific, 2);

    private readonly X509Certificate2 _certificate;
    private readonly ReadOnlyMemory<byte> _names;

    /// <exception cref="SalvorException">The file holds no certificate.</exception>
    public ServingCertificate(NodeText file)
    {
        _certificate = PemCertificates.Read(file)[0];
        _names = _certificate.Extensions.FirstOrDefault(e => e.Oid?.Value == NamesOid)?.RawData
            ?? ReadOnlyMemory<byte>.Empty;
        Names = [.. DnsNamesOf(file)];
    }

    /// <summary>The DNS names that it is good for.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Tells it from any other.</summary>
    public string Fingerprint => _certificate.GetCertHashString(HashAlgorithmName.SHA256);

    public DateTimeOffset ExpiresAt => _certificate.NotAfter;

    public bool Has(string name) => Names.Contains(name, StringComparer.OrdinalIgnoreCase);

    public void Dispose() => _certificate.Dispose();

    /// <summary>The same certificate, with one more name, signed anew: key, subject and uses stay.</summary>
    /// <param name="name">The name to add.</param>
    /// <param name="authorityFile">The CA's certificate.</param>
    /// <param name="keyFile">The CA's key.</param>
    /// <param name="now">When its year begins.</param>
    /// <param name="entropy">For its serial number.</param>
    /// <returns>PEM, as kubeadm writes it.</returns>
    public string WithName(
        string name, NodeText authorityFile, NodeText keyFile, DateTimeOffset now, IEntropy entropy)
    {
        try
        {
            using var authority = X509Certificate2.CreateFromPem(authorityFile.Text, keyFile.Text);
            using var made = Sign(name, authority, now, entropy);
            return made.ExportCertificatePem() + "\n";
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new SalvorException(ErrorCode.WrongKind,
                $"{authorityFile.Path} and {keyFile.Path} can't sign a certificate: {e.Message.TrimEnd('.')}.", e)
            {
                Hint = "They must be the cluster's CA and its key. Nothing was changed.",
            };
        }
    }

    private X509Certificate2 Sign(string name, X509Certificate2 authority, DateTimeOffset now, IEntropy entropy)
    {
        var request = new CertificateRequest(
            _certificate.SubjectName, _certificate.PublicKey, HashAlgorithmName.SHA256);
        foreach (var extension in _certificate.Extensions.Where(e => e.Oid?.Value is not (NamesOid or AuthorityKeyOid)))
        {
            request.CertificateExtensions.Add(extension);
        }

        if (authority.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault() is { } signer)
        {
            request.CertificateExtensions.Add(
                X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(signer));
        }

        request.CertificateExtensions.Add(new X509Extension(NamesOid, NamesWith(name), critical: false));
        var serial = new byte[SerialBytes];
        entropy.Fill(serial);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40); // Positive, and of full length.
        // As kubeadm does: good for as long back as its signer, so that no clock that is behind refuses it.
        var end = now.AddYears(ValidYears);
        var last = new DateTimeOffset(authority.NotAfter);
        using var rsa = authority.GetRSAPrivateKey();
        using var ec = authority.GetECDsaPrivateKey();
        var generator = rsa is not null
            ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1)
            : X509SignatureGenerator.CreateForECDsa(
                ec ?? throw new CryptographicException("the key is of no known kind"));
        return request.Create(
            authority.SubjectName, generator, authority.NotBefore, end < last ? end : last, serial);
    }

    /// <summary>The names as they are, whatever their kinds, and one more at the end.</summary>
    private byte[] NamesWith(string name)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            if (!_names.IsEmpty)
            {
                var names = new AsnReader(_names, AsnEncodingRules.DER).ReadSequence();
                while (names.HasData)
                {
                    writer.WriteEncodedValue(names.ReadEncodedValue().Span);
                }
            }

            writer.WriteCharacterString(UniversalTagNumber.IA5String, name, DnsName);
        }

        return writer.Encode();
    }

    private List<string> DnsNamesOf(NodeText file)
    {
        var found = new List<string>();
        if (_names.IsEmpty)
        {
            return found;
        }

        try
        {
            var names = new AsnReader(_names, AsnEncodingRules.DER).ReadSequence();
            while (names.HasData)
            {
                if (names.PeekTag().HasSameClassAndValue(DnsName))
                {
                    found.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, DnsName));
                }
                else
                {
                    names.ReadEncodedValue();
                }
            }
        }
        catch (AsnContentException e)
        {
            throw PemCertificates.Bad(file, e);
        }

        return found;
    }
}
