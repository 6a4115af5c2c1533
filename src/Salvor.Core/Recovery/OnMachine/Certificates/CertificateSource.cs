using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Salvor.Errors;
using Salvor.Node;
using YamlDocument = Salvor.Node.YamlDocument;

namespace Salvor.Recovery.OnMachine.Certificates;

/// <summary>A certificate, and the piece of a file's text that it was read from.</summary>
internal sealed class CertificateSource : IDisposable
{
    private const string CertificateLabel = "CERTIFICATE";

    /// <summary>The piece of the file: a block of PEM, or base64 of such blocks.</summary>
    private readonly string _piece;

    /// <summary>The PEM that a kubeconfig holds as base64; null where the file itself is PEM.</summary>
    private readonly string? _inner;

    private readonly string _block;

    private CertificateSource(string piece, string? inner, string block)
    {
        _piece = piece;
        _inner = inner;
        _block = block;
        Certificate = X509Certificate2.CreateFromPem(block);
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>All certificates of a file: of PEM every one, of a kubeconfig the first of each user.</summary>
    /// <exception cref="SalvorException">One of them is none.</exception>
    public static IReadOnlyList<CertificateSource> Read(CertificatePlace place, string text)
    {
        try
        {
            return place.IsKubeconfig
                ? [.. DataOf(place.Path, text).Select(OfData)]
                : [.. BlocksOf(text).Select(block => new CertificateSource(block, inner: null, block))];
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or FormatException)
        {
            throw new SalvorException(ErrorCode.WrongKind, $"{place.Path} holds no certificate as it should.", e)
            {
                Hint = "Put it back from the kit, with salvor restore --kit.",
            };
        }
    }

    /// <summary>A file's text with another certificate in this one's place; nothing else changes.</summary>
    public string Replace(CertificatePlace place, string text, X509Certificate2 renewed)
    {
        var block = renewed.ExportCertificatePem();
        var piece = _inner is null
            ? block
            : Convert.ToBase64String(Encoding.UTF8.GetBytes(_inner.Replace(_block, block, StringComparison.Ordinal)));
        var at = text.IndexOf(_piece, StringComparison.Ordinal);
        return at >= 0 && text.IndexOf(_piece, at + 1, StringComparison.Ordinal) < 0
            ? string.Concat(text.AsSpan(0, at), piece, text.AsSpan(at + _piece.Length))
            : throw new SalvorException(ErrorCode.WrongKind,
                $"{place.Path} writes its certificate in a way that can't be edited safely.")
            {
                Hint = "Renew it with kubeadm certs renew.",
            };
    }

    public void Dispose() => Certificate.Dispose();

    private static CertificateSource OfData(string data)
    {
        var pem = Encoding.UTF8.GetString(Convert.FromBase64String(data));
        return new CertificateSource(data, pem, BlocksOf(pem).First());
    }

    private static IEnumerable<string> DataOf(string path, string text) =>
        YamlDocument.Parse(path, text).Items("users")
            .Select(user => user.Map("user").Text("client-certificate-data")).OfType<string>();

    private static List<string> BlocksOf(string text)
    {
        var blocks = new List<string>();
        for (var from = 0; PemEncoding.TryFind(text.AsSpan(from), out var fields);)
        {
            var start = from + fields.Location.Start.Value;
            var end = from + fields.Location.End.Value;
            if (text.AsSpan(from)[fields.Label] is CertificateLabel)
            {
                blocks.Add(text[start..end]);
            }

            from = end;
        }

        return blocks.Count > 0 ? blocks : throw new FormatException("There is no PEM certificate in it.");
    }
}
