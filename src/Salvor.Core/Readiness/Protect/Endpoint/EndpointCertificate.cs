using System.Globalization;
using Salvor.Errors;
using Salvor.Platform;
using Salvor.Readiness.Protect.Machine;

namespace Salvor.Readiness.Protect.Endpoint;

/// <summary>The API server's certificate is good for the endpoint's name.</summary>
/// <remarks>
/// kube-apiserver reads its certificate again by itself, within a minute: nothing restarts. The one that was there is
/// kept beside it.
/// </remarks>
public sealed class EndpointCertificate(EndpointWork work, IEntropy entropy) : IProtection
{
    private const string ItemName = "endpoint-certificate";
    private const string Certificate = "/etc/kubernetes/pki/apiserver.crt";
    private const string Authority = "/etc/kubernetes/pki/ca.crt";
    private const string AuthorityKey = "/etc/kubernetes/pki/ca.key";

    /// <summary>In the record: where the certificate is that was there before, and which one is protect's.</summary>
    private const string Before = "before";
    private const string Ours = "ours";

    public string Section => "node";

    public string Name => ItemName;

    public string Purpose => "The API server's certificate is good for the name that everybody reaches it by.";

    public async Task<ProtectionLook> LookAsync(ProtectionAim aim, CancellationToken ct)
    {
        var target = work.Target(aim);
        if (target is null)
        {
            return LookAtRemoval();
        }

        if (work.Machine.TryRead(Certificate) is not { } file)
        {
            return new ProtectionLook
            {
                State = ProtectionState.NotApplicable,
                Note = $"There is no {work.Machine.PathOf(Certificate)}: no API server of kubeadm's runs here.",
            };
        }

        using var certificate = new ServingCertificate(file);
        if (certificate.Has(target.Name))
        {
            return new ProtectionLook { State = ProtectionState.InForce, Found = Describe(certificate) };
        }

        await work.RequireReachAsync(target, ct);
        var hasKey = work.Machine.FileSystem.Stat(work.Machine.PathOf(AuthorityKey)) is not null;
        return new ProtectionLook
        {
            State = hasKey ? ProtectionState.Differs : ProtectionState.Refused,
            Found = Describe(certificate),
            Wanted = $"names with {target.Name}",
            Change = hasKey
                ? $"sign {file.Path} anew, with the same key and one more name; kube-apiserver reads it within a minute"
                : null,
            Note = hasKey
                ? null
                : $"There is no {work.Machine.PathOf(AuthorityKey)} to sign with: have a certificate with the name "
                    + "made where the CA's key is.",
        };
    }

    public async Task ChangeAsync(ProtectionAim aim, CancellationToken ct)
    {
        if ((await LookAsync(aim, ct)).State != ProtectionState.Differs || Read(Certificate) is not { } file)
        {
            return;
        }

        if (work.Target(aim) is not { } target)
        {
            work.Machine.Replace(file, Read(work.Record.Of(Name)[Before]!).Text);
            work.Record.Forget(Name);
            return;
        }

        using var old = new ServingCertificate(file);
        var text = old.WithName(
            target.Name, Read(Authority), Read(AuthorityKey), work.Time.GetUtcNow(), entropy);
        using var made = new ServingCertificate(file with { Text = text });
        if (!made.Has(target.Name) || old.Names.Any(name => !made.Has(name)))
        {
            throw new SalvorException(ErrorCode.Failed, "The new certificate lacks a name, and was not put in place.");
        }

        Keep(file, old, made);
        work.Machine.Replace(file, text);
        await new ApiReach(work.Machine, target, work.Time).WaitForNameAsync(ct);
    }

    private static string Describe(ServingCertificate certificate) =>
        $"names {string.Join(", ", certificate.Names)}";

    private ProtectionLook LookAtRemoval()
    {
        var before = work.Record.Of(Name);
        if (before.GetValueOrDefault(Before) is not { } kept || work.Machine.TryRead(Certificate) is not { } file)
        {
            return new ProtectionLook { State = ProtectionState.InForce, Found = "nothing that protect changed" };
        }

        using var now = new ServingCertificate(file);
        if (now.Fingerprint != before.GetValueOrDefault(Ours))
        {
            return new ProtectionLook
            {
                State = ProtectionState.InForce,
                Found = Describe(now),
                Note = "Somebody has made another certificate since: it stays.",
            };
        }

        using var old = new ServingCertificate(Read(kept));
        var isGood = old.ExpiresAt > work.Time.GetUtcNow();
        return new ProtectionLook
        {
            State = isGood ? ProtectionState.Differs : ProtectionState.Refused,
            Found = Describe(now),
            Wanted = Describe(old),
            Change = isGood ? $"put {kept} back; kube-apiserver reads it within a minute" : null,
            Note = isGood ? null : $"{kept} has expired: kubeadm certs renew apiserver makes one without the name.",
        };
    }

    /// <summary>Keeps the certificate that is there, and remembers it, unless it is one that protect made.</summary>
    private void Keep(NodeText file, ServingCertificate old, ServingCertificate made)
    {
        var before = work.Record.Of(Name);
        var stamp = work.Time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var kept = $"{Certificate}.before-endpoint-{stamp}";
        if (before.GetValueOrDefault(Ours) == old.Fingerprint)
        {
            work.Record.Remember(Name, [new(Ours, made.Fingerprint)]);
            return;
        }

        work.Machine.Create(kept, file.Text, file.Status.Mode);
        work.Record.Remember(Name, [new(Before, kept), new(Ours, made.Fingerprint)]);
    }

    private NodeText Read(string path) => work.Machine.TryRead(path)
        ?? throw new SalvorException(ErrorCode.NotFound, $"There is no {work.Machine.PathOf(path)}.");
}
