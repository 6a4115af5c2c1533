using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Salvor.Errors;
using Salvor.Platform;
using Salvor.Readiness.Protect.Machine;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;

namespace Salvor.Recovery.OnMachine.Certificates;

/// <summary>Renews expired certificates with the authority's key on this machine, as kubeadm would.</summary>
/// <remarks>
/// Every file is kept in quarantine, and then replaced by one rename: a crash leaves some of them old and some new, all
/// of them whole, and the next run renews the rest. Keys stay as they are. When one has expired, those that would
/// within 30 days are renewed along: the control plane starts anew anyway, and so does so once.
/// </remarks>
public sealed class CertificateRepair(NodeFiles machine, TimeProvider time, IEntropy entropy, ClockLook clock)
{
    private const string Kind = "certificates";
    private const string KubeletPrefix = "kubelet-client-";

    /// <summary>As <see cref="NodeFiles"/> names what is not in its place yet.</summary>
    private const string Unfinished = ".salvor-new";

    private static readonly TimeSpan SoonExpired = TimeSpan.FromDays(30);
    private static readonly TimeSpan JustRenewed = TimeSpan.FromHours(1);

    private readonly LocalQuarantine _quarantine = new(machine);
    private readonly ProcessTable _processes = new(machine);

    public RenewalResult RenewCertificates()
    {
        if (Refusal() is { } refusal)
        {
            return new RenewalResult(refusal, []);
        }

        var now = time.GetUtcNow();
        var places = CertificatePlaces.Find(machine);
        var authorities = places.Where(place => place.IsAuthority)
            .Select(place => CertificateAuthority.TryLoad(machine, place, entropy)).OfType<CertificateAuthority>()
            .ToList();
        try
        {
            var leaves = places.Where(place => !place.IsAuthority).ToList();
            var report = Renew(leaves, authorities, now);
            return new RenewalResult(report,
                report.Result == StepResult.Done ? ChangedSince(leaves, now - JustRenewed) : []);
        }
        finally
        {
            authorities.ForEach(authority => authority.Dispose());
        }
    }

    private StepReport? Refusal()
    {
        switch (_processes.Named("kubeadm"))
        {
            case null:
                return StepReport.Failed("Whether kubeadm runs can't be told: /proc can't be read.");
            case { Count: > 0 }:
                return StepReport.Refused("kubeadm runs: what it does is not interfered with.");
            default:
                break;
        }

        var proof = clock.Look()[Sign.ClockProven];
        return proof.Truth == Truth.Yes
            ? null
            : StepReport.Refused($"Certificates are not renewed by a clock that is not proven: {proof.Detail}.");
    }

    private StepReport Renew(
        IReadOnlyList<CertificatePlace> leaves, IReadOnlyList<CertificateAuthority> authorities, DateTimeOffset now)
    {
        var due = leaves.SelectMany(place => Sources(place).Select(source => (Place: place, Source: source)))
            .ToList();
        try
        {
            var expired = due.Where(one => Ends(one.Source) < now).ToList();
            foreach (var (place, source) in expired)
            {
                if (WhyNot(source.Certificate, authorities, now) is { } why)
                {
                    return StepReport.Refused($"{place.Path} {why} Nothing was changed.");
                }
            }

            if (expired.Count == 0)
            {
                return StepReport.Done("No certificate has expired.");
            }

            var soon = due.Where(one => Ends(one.Source) < now + SoonExpired
                && WhyNot(one.Source.Certificate, authorities, now) is null);
            var renewed = soon.Select(one => one.Place).Distinct().ToList();
            renewed.ForEach(place => Renew(place, authorities, now));
            return StepReport.Done($"Renewed: {string.Join(", ", renewed.Select(place => place.Path))}. "
                + $"The old ones are in {machine.PathOf(LocalQuarantine.DirectoryPath)}/{Kind}.");
        }
        finally
        {
            due.ForEach(one => one.Source.Dispose());
        }
    }

    private static DateTimeOffset Ends(CertificateSource source) => source.Certificate.NotAfter.ToUniversalTime();

    private static string? WhyNot(
        X509Certificate2 leaf, IReadOnlyList<CertificateAuthority> authorities, DateTimeOffset now) =>
        authorities.FirstOrDefault(authority => authority.Signed(leaf)) switch
        {
            null => $"was signed by {leaf.Issuer}, whose key is not on this machine: "
                + "renew it where the authority is, and put it here.",
            { NotAfter: var end } when end <= now => $"was signed by {leaf.Issuer}, which has expired itself: "
                + "the authority has to be rotated.",
            _ => null,
        };

    /// <summary>One that can't be read must not keep the others from being renewed.</summary>
    private IReadOnlyList<CertificateSource> Sources(CertificatePlace place)
    {
        try
        {
            return machine.TryRead(place.Path) is { } file ? Sources(place, file) : [];
        }
        catch (SalvorException)
        {
            return [];
        }
    }

    /// <summary>The certificates of a file that count: of PEM the first, which its signers may follow.</summary>
    private static IReadOnlyList<CertificateSource> Sources(CertificatePlace place, NodeText file)
    {
        var all = CertificateSource.Read(place, file.Text);
        if (place.IsKubeconfig)
        {
            return all;
        }

        foreach (var signer in all.Skip(1))
        {
            signer.Dispose();
        }

        return [all[0]];
    }

    private void Renew(
        CertificatePlace place, IReadOnlyList<CertificateAuthority> authorities, DateTimeOffset now)
    {
        var file = machine.TryRead(place.Path)
            ?? throw new SalvorException(ErrorCode.NotFound, $"{place.Path} is not there any more.");
        var text = file.Text;
        foreach (var source in Sources(place, file))
        {
            using (source)
            {
                if (Ends(source) < now + SoonExpired)
                {
                    var authority = authorities.First(one => one.Signed(source.Certificate));
                    using var renewed = authority.Renew(source.Certificate, now);
                    text = source.Replace(place, text, renewed);
                }
            }
        }

        if (place.Link is null)
        {
            _quarantine.Keep(file, Kind);
            machine.Replace(file, text);
        }
        else
        {
            Rotate(place, place.Link, file, text, now);
        }
    }

    /// <summary>As kubelet does: a new file named by the time, and the link leads to it. The old one stays.</summary>
    private void Rotate(CertificatePlace place, string link, NodeText file, string text, DateTimeOffset now)
    {
        var directory = Path.GetDirectoryName(place.Path)!;
        ClearLeftovers(directory);
        var path = string.Create(CultureInfo.InvariantCulture,
            $"{directory}/{KubeletPrefix}{now.UtcDateTime:yyyy-MM-dd-HH-mm-ss}.pem");
        machine.Create(path, text, file.Status.Mode, like: place.Path);
        var beside = machine.PathOf($"{Path.GetDirectoryName(link)}/.{Path.GetFileName(link)}{Unfinished}");
        machine.FileSystem.CreateLink(beside, path);
        machine.FileSystem.Replace(beside, machine.PathOf(link));
        machine.FileSystem.FlushDirectory(machine.PathOf(Path.GetDirectoryName(link)!));
    }

    /// <summary>What an earlier run was cut off at: it has a name of its own every time.</summary>
    private void ClearLeftovers(string directory)
    {
        var place = machine.PathOf(directory);
        foreach (var name in machine.FileSystem.List(place))
        {
            if (name.StartsWith($".{KubeletPrefix}", StringComparison.Ordinal)
                && name.EndsWith(Unfinished, StringComparison.Ordinal))
            {
                machine.FileSystem.DeleteOwnFile(Path.Combine(place, name));
            }
        }
    }

    private ImmutableArray<string> ChangedSince(IEnumerable<CertificatePlace> places, DateTimeOffset since)
    {
        var oldest = (Int128)(since - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        return
        [
            .. places.Where(place =>
                    machine.FileSystem.Stat(machine.PathOf(place.Path))?.ModifiedUnixNanoseconds >= oldest)
                .SelectMany(place => place.Components).Distinct(),
        ];
    }
}
