using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Salvor.Errors;
using Salvor.Platform;
using Salvor.Readiness.Protect;
using Salvor.Readiness.Protect.Cluster;
using Salvor.Readiness.Protect.Endpoint;
using Salvor.Readiness.Protect.Machine;
using Salvor.Tests.Readiness.Protect.Cluster;
using Salvor.Tests.Readiness.Protect.Machine;

namespace Salvor.Tests.Readiness.Protect.Endpoint;

public sealed class EndpointTests : IDisposable
{
    private const string AdminConf = "/etc/kubernetes/admin.conf";

    private readonly EndpointMachine _machine = new();
    private readonly ClusterServer _cluster = new();
    private readonly RecordedProcesses _processes = new();

    public void Dispose()
    {
        _cluster.Dispose();
        _machine.Dispose();
    }

    [Fact]
    public async Task A_control_plane_points_everybody_at_the_name_and_undoes_it()
    {
        var certificate = _machine.Root.Read(EndpointMachine.Certificate);
        var admin = _machine.Root.Read(AdminConf);
        var texts = _cluster.Texts.ToImmutableSortedDictionary();

        Assert.All(await RunAsync(ControlPlane()), r => Assert.Equal(ProtectionOutcome.Changed, r.Outcome));

        Assert.Equal(
            admin.Replace("https://10.0.0.5:6443", _machine.Url, StringComparison.Ordinal),
            _machine.Root.Read(AdminConf));
        Assert.All([ClusterServer.Proxy, ClusterServer.ClusterInfo], key => Assert.Equal(
            texts[key].Replace("https://10.0.0.5:6443", _machine.Url, StringComparison.Ordinal),
            _cluster.Texts[key]));
        Assert.Contains(
            $"controlPlaneEndpoint: localhost:{_machine.Port}\n", _cluster.Texts[ClusterServer.Kubeadm],
            StringComparison.Ordinal);
        Assert.Equal(4, _cluster.Changes.Count);
        Assert.Equal(1, _cluster.Changes.Count(c => c.Contains("/daemonsets/kube-proxy", StringComparison.Ordinal)));
        CheckCertificate(certificate);

        var after = _machine.Root.Everything();
        Assert.All(await RunAsync(ControlPlane()), r => Assert.Equal(ProtectionState.InForce, r.Look.State));
        Assert.Equal(after, _machine.Root.Everything());
        Assert.Equal(4, _cluster.Changes.Count);

        var undone = await RunAsync(ControlPlane(isAsked: false).Reverse(), ProtectionAim.Remove);
        Assert.All(undone, r => Assert.Equal(ProtectionOutcome.Changed, r.Outcome));
        Assert.Equal(certificate, _machine.Root.Read(EndpointMachine.Certificate));
        Assert.Equal(admin, _machine.Root.Read(AdminConf));
        Assert.Equal(texts, _cluster.Texts.ToImmutableSortedDictionary());
        Assert.False(_machine.Root.Record.HasAny("endpoint-"));
        Assert.All(
            await RunAsync(ControlPlane(isAsked: false), ProtectionAim.Remove),
            r => Assert.Equal(ProtectionState.InForce, r.Look.State));
    }

    [Fact]
    public async Task Another_name_takes_the_first_ones_place_and_undoing_gives_back_what_was_before_both()
    {
        var admin = _machine.Root.Read(AdminConf);
        var texts = _cluster.Texts.ToImmutableSortedDictionary();
        await RunAsync(ControlPlane());
        var other = new ApiEndpoint("localhost.localdomain", _machine.Port);

        // The name need not resolve for what is tried here: only the items that know it are run.
        var work = Work(isAsked: true) with { Endpoint = other };
        var settings = new EndpointSettings(work.Record, EndpointMap.Kubeadm.Item, ClusterEndpointText.Wanted);
        var text = new ClusterEndpointText("here", _cluster.Texts[ClusterServer.Kubeadm]);
        settings.Remember(other, text);
        _cluster.Texts[ClusterServer.Kubeadm] = text.With(settings.Wanted(other, text));

        await RunAsync(ControlPlane(isAsked: false).Reverse(), ProtectionAim.Remove);

        Assert.Equal(texts, _cluster.Texts.ToImmutableSortedDictionary());
        Assert.Equal(admin, _machine.Root.Read(AdminConf));
    }

    [Fact]
    public async Task Undoing_leaves_what_somebody_changed_since()
    {
        await RunAsync(ControlPlane());
        _machine.Root.Write(AdminConf, _machine.Root.Read(AdminConf)
            .Replace(_machine.Url, "https://theirs:6443", StringComparison.Ordinal));
        var theirs = _machine.Root.Read(AdminConf);

        await RunAsync(ControlPlane(isAsked: false).Reverse(), ProtectionAim.Remove);

        Assert.Equal(theirs, _machine.Root.Read(AdminConf));
    }

    [Fact]
    public async Task Nothing_is_pointed_at_a_name_where_another_cluster_answers_or_nobody()
    {
        var before = _machine.Root.Everything();
        _machine.ShowForeign();

        var foreign = await RunAsync(ControlPlane());

        Assert.All(foreign, r => Assert.Equal(ProtectionState.Refused, r.Look.State));
        Assert.Contains("is not the cluster's", foreign[0].Look.Note, StringComparison.Ordinal);

        _machine.Stop();
        Assert.All(await RunAsync(ControlPlane()), r => Assert.Equal(ProtectionState.Unseen, r.Look.State));
        Assert.Equal(before, _machine.Root.Everything());
        Assert.Empty(_cluster.Changes);
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_is_refused()
    {
        var reach = new ApiReach(
            _machine.Root.Files, ApiEndpoint.Parse("no-such-name.invalid"), TimeProvider.System);

        var failure = await Assert.ThrowsAsync<SalvorException>(
            () => reach.RequireAsync(withName: false, TestContext.Current.CancellationToken));

        Assert.Contains("does not resolve on this machine", failure.Message, StringComparison.Ordinal);
        Assert.False(failure.IsTransient);
    }

    [Fact]
    public async Task Without_the_CAs_key_the_certificate_is_refused_and_nobody_is_pointed_at_the_name()
    {
        File.Delete(_machine.Root.PathOf("/etc/kubernetes/pki/ca.key"));

        var results = await RunAsync(ControlPlane());

        Assert.Equal(ProtectionState.Refused, results[0].Look.State);
        Assert.All(results.Skip(1), r => Assert.Equal(ProtectionOutcome.Failed, r.Outcome));
        Assert.Empty(_cluster.Changes);
    }

    [Fact]
    public async Task Pods_that_were_not_restarted_are_restarted_by_the_next_run()
    {
        _cluster.PatchStatus = HttpStatusCode.ServiceUnavailable;
        Assert.Equal(ProtectionOutcome.Failed, (await RunAsync(ControlPlane()))[3].Outcome);

        _cluster.PatchStatus = HttpStatusCode.OK;
        _cluster.Changes.Clear();
        Assert.Equal(ProtectionOutcome.Changed, (await RunAsync(ControlPlane()))[3].Outcome);
        Assert.Equal(["PATCH /apis/apps/v1/namespaces/kube-system/daemonsets/kube-proxy"], _cluster.Changes);
    }

    [Fact]
    public async Task A_worker_is_pointed_at_the_name_and_its_kubelet_restarted()
    {
        var before = _machine.BecomeWorker("localhost");
        _processes.Restart = new ProcessResult(1, "", "no bus");
        var failed = (await RunAsync(Worker()))[0];
        Assert.Equal(ProtectionOutcome.Failed, failed.Outcome);
        Assert.Contains("no bus", failed.Failure!.Message, StringComparison.Ordinal);

        _processes.Restart = new ProcessResult(0, "", "");
        Assert.Equal(ProtectionOutcome.Changed, (await RunAsync(Worker()))[0].Outcome);
        Assert.Equal(
            before.Replace("https://10.0.0.5:6443", _machine.Url, StringComparison.Ordinal).Split('\n')[4],
            _machine.Root.Read(EndpointInKubeconfig.KubeletPath).Split('\n')[4]);
        Assert.Equal(2, _processes.Calls.Count);

        var after = _machine.Root.Everything();
        Assert.Equal(ProtectionState.InForce, (await RunAsync(Worker()))[0].Look.State);
        Assert.Equal(after, _machine.Root.Everything());
        Assert.Equal(2, _processes.Calls.Count);
    }

    [Fact]
    public async Task A_worker_wants_the_name_in_the_certificate_first()
    {
        _machine.BecomeWorker("another");
        var before = _machine.Root.Everything();

        var refused = (await RunAsync(Worker()))[0];

        Assert.Equal(ProtectionState.Refused, refused.Look.State);
        Assert.Contains("run this on the control plane first", refused.Look.Note, StringComparison.Ordinal);
        Assert.Equal(before, _machine.Root.Everything());
    }

    private static async Task<ImmutableArray<ProtectionResult>> RunAsync(
        IEnumerable<IProtection> items, ProtectionAim aim = ProtectionAim.Protect)
    {
        var ct = TestContext.Current.CancellationToken;
        var run = new ProtectionRun([.. items], aim);
        return await run.ChangeAsync(await run.LookAsync(ct), ct);
    }

    private void CheckCertificate(string before)
    {
        using var old = X509Certificate2.CreateFromPem(before);
        using var made = X509Certificate2.CreateFromPem(_machine.Root.Read(EndpointMachine.Certificate));
        Assert.Equal(old.Subject, made.Subject);
        Assert.Equal(old.GetPublicKeyString(), made.GetPublicKeyString());
        var names = made.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        Assert.Equal(["kubernetes.default", "localhost"], names.EnumerateDnsNames());
        Assert.Equal([IPAddress.Parse("10.96.0.1")], names.EnumerateIPAddresses());
        Assert.InRange((made.NotAfter - DateTime.Now).TotalDays, 364, 367);
        var kept = Directory.GetFiles(
            Path.GetDirectoryName(_machine.Root.PathOf(EndpointMachine.Certificate))!, "*.before-endpoint-*");
        Assert.Equal(before, File.ReadAllText(Assert.Single(kept)));
    }

    private EndpointWork Work(bool isAsked) => new(
        _machine.Root.Files, _machine.Root.Record,
        isAsked ? new ApiEndpoint("localhost", _machine.Port) : null, TimeProvider.System)
    {
        Connect = config => new KubernetesApi(config.Server, new KeptHandler(_cluster), config),
    };

    private IProtection[] ControlPlane(bool isAsked = true)
    {
        var work = Work(isAsked);
        return
        [
            new EndpointCertificate(work, new OsEntropy()),
            new EndpointInCluster(work, EndpointMap.Kubeadm),
            new EndpointInCluster(work, EndpointMap.ClusterInfo),
            new EndpointInCluster(work, EndpointMap.Proxy),
            new EndpointInKubeconfig(work, AdminConf, _processes),
        ];
    }

    /// <summary>Its processes are asked, though its root is a directory here.</summary>
    private IProtection[] Worker()
    {
        var work = Work(isAsked: true);
        var files = new NodeFiles(_machine.Root.Files.FileSystem, _machine.Root.Root) { IsThisMachine = true };
        return [new EndpointInKubeconfig(work with { Machine = files }, EndpointInKubeconfig.KubeletPath, _processes)];
    }
}
