using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Salvor.Errors;
using Salvor.Platform;
using Salvor.Readiness.Protect.Machine;
using Salvor.Recovery.Evidence;

namespace Salvor.Recovery.OnMachine.Certificates;

/// <summary>Which certificates of the control plane have expired, and when the next one does.</summary>
/// <remarks>
/// Files are read again only when they change; their dates are judged at every look. One that is not good yet is not
/// called expired: that is the clock's fault.
/// </remarks>
public sealed class CertificateLook(NodeFiles machine, TimeProvider time) : IMachineLook
{
    private readonly Dictionary<string, (FileStatus Status, IReadOnlyList<CertificateDates> Dates)> _read =
        new(StringComparer.Ordinal);

    /// <summary>The certificate that expires next, or did so first, by the last look; null where none is.</summary>
    public CertificateDates? Next { get; private set; }

    public Task<Observations> LookAsync(CancellationToken ct) => Task.FromResult(Look());

    public Observations Look()
    {
        var places = CertificatePlaces.Find(machine);
        var dates = places.SelectMany(DatesOf).ToList();
        Next = dates.MinBy(date => date.NotAfter);
        var leaves = dates.Where(date => !date.IsAuthority).ToList();
        if (leaves.Count == 0)
        {
            return Observations.None; // No control plane of kubeadm's.
        }

        var now = time.GetUtcNow();
        var expired = leaves.Where(leaf => leaf.NotAfter < now).ToList();
        var authorities = dates.Where(date => date.IsAuthority).GroupBy(date => date.Path)
            .Where(file => file.All(date => date.NotAfter < now)) // A bundle may still hold a good one.
            .Select(file => file.MaxBy(date => date.NotAfter)!).ToList();
        var keyless = KeylessAuthorities(places, dates, expired.Count > 0 ? expired : leaves);
        return Observations.None
            .With(Sign.LeafExpired, expired.Count > 0, Describe(expired))
            .With(Sign.CaExpired, authorities.Count > 0, Describe(authorities))
            .With(Sign.CaKeyPresent, keyless.Count == 0,
                keyless.Count == 0 ? "" : $"nothing here can sign: {string.Join(", ", keyless)}");
    }

    private static string Describe(List<CertificateDates> expired) => string.Join(", ", expired.Select(date =>
        string.Create(CultureInfo.InvariantCulture, $"{date.Path} expired at {date.NotAfter:yyyy-MM-dd HH:mm}Z")));

    /// <summary>The leaves whose authority's key is not on this machine.</summary>
    private List<string> KeylessAuthorities(
        IReadOnlyList<CertificatePlace> places, List<CertificateDates> dates, List<CertificateDates> leaves)
    {
        var withKey = dates.Where(date => date.IsAuthority)
            .Where(date => places.First(place => place.Path == date.Path) is var place
                && machine.FileSystem.Stat(machine.PathOf(place.KeyPath)) is { IsFile: true })
            .Select(date => date.Subject).ToHashSet(StringComparer.Ordinal);
        return [.. leaves.Where(leaf => !withKey.Contains(leaf.Issuer)).Select(leaf => leaf.Path)];
    }

    private IReadOnlyList<CertificateDates> DatesOf(CertificatePlace place)
    {
        var status = machine.FileSystem.Stat(machine.PathOf(place.Path));
        if (status is null)
        {
            return [];
        }

        if (!_read.TryGetValue(place.Path, out var known) || known.Status != status)
        {
            _read[place.Path] = known = (status, Read(place));
        }

        return known.Dates;
    }

    /// <summary>A file without a certificate in it says nothing of dates; its component complains of it.</summary>
    private List<CertificateDates> Read(CertificatePlace place)
    {
        try
        {
            if (machine.TryRead(place.Path) is not { } file)
            {
                return [];
            }

            var sources = CertificateSource.Read(place, file.Text);
            var counted = place.IsAuthority || place.IsKubeconfig ? sources : sources.Take(1);
            var dates = counted.Select(source => DatesOf(place, source.Certificate)).ToList();
            foreach (var source in sources)
            {
                source.Dispose();
            }

            return dates;
        }
        catch (SalvorException)
        {
            return [];
        }
    }

    private static CertificateDates DatesOf(CertificatePlace place, X509Certificate2 certificate) => new(
        place.Path, place.IsAuthority, certificate.NotBefore.ToUniversalTime(),
        certificate.NotAfter.ToUniversalTime())
    {
        Issuer = Convert.ToHexString(certificate.IssuerName.RawData),
        Subject = Convert.ToHexString(certificate.SubjectName.RawData),
    };
}
