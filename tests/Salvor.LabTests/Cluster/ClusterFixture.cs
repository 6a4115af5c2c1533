using System.Globalization;
using Salvor.Lab;
using Salvor.Lab.Cluster;
using Salvor.Lab.Host;
using Salvor.Lab.Machines;
using Salvor.Lab.Network;
using Salvor.Lab.Store;
using Salvor.LabTests.Machines;

namespace Salvor.LabTests.Cluster;

/// <summary>
/// One lab with a real Kubernetes for all tests of a run. Each test begins with the cluster as it was made.
/// </summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    private const string Cloud = $"http://{Fabric.ServiceAddress}";
    private const string Environment = $"AWS_ENDPOINT_URL_EC2={Cloud} AWS_ENDPOINT_URL_CLOUDWATCH={Cloud}";

    private Laboratory? _lab;
    private bool _isFresh = true;

    public Laboratory Lab => _lab ?? throw new InvalidOperationException("The fixture has not begun.");

    public LabCluster Cluster => Lab.Cluster;

    public Machine Control => Cluster.ControlPlane;

    public WhatHappens Chronicle { get; } = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var image = new MachineImage(
            Named("SALVOR_LAB_ROOT"), Named("SALVOR_LAB_IMAGES"), Named("SALVOR_LAB_KUBERNETES"), Named("SALVOR_BIN"));
        var settings = new LabSettings(image)
        {
            Store = Path.Combine(RepositoryRoot.FullName, "eng", "moto-server"),
        };
        _lab = await Laboratory.CreateAsync(RegionFixture.NewPaths(), settings, Cancel);
        await Cluster.StartAsync(Say, Cancel);
        await Cluster.StartWorkloadAsync(Cancel);
        await Cluster.CheckpointAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await Chronicle.WriteAsync();
        if (_lab is { } lab)
        {
            await lab.DisposeAsync();
            Assert.Empty(await Sweep.LeftoversAsync(lab.Paths, CancellationToken.None));
        }
    }

    /// <summary>Gives a test the cluster as it was made; it may break whatever it likes.</summary>
    public async Task FreshAsync()
    {
        if (!_isFresh)
        {
            await Cluster.ResetAsync(Cancel);
        }

        _isFresh = false;
    }

    /// <summary>Runs salvor on the control plane's machine, which finds the cloud by its own identity.</summary>
    public Task<ToolResult> SalvorAsync(string arguments) =>
        Control.TryShellAsync($"{Environment} salvor {arguments}", Cancel);

    /// <summary>Sets up every protection of the machine and of the cloud.</summary>
    public async Task<string> ProtectAsync(string more = "--yes")
    {
        var result = await SalvorAsync($"protect --cloud aws --cluster lab {more}");
        Assert.True(result.Succeeded, $"protect ended with {result.Code}:\n{result.Output}\n{result.Error}");
        // kubelet takes a changed manifest when it finds the time: the API answers, then is away, and then is back.
        await Wait.UntilAsync("an etcd with the interlock", async token => (await Control.TryShellAsync(
            "cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n' | grep -qx -e --initial-cluster-state=existing",
            token)).Succeeded, TimeSpan.FromMinutes(2), Cancel);
        await ApiReadyAsync(TimeSpan.FromMinutes(2));
        return result.Output;
    }

    /// <summary>The workload's containers on the worker: id, process, and when that started, a line each.</summary>
    public async Task<string> WorkloadAsync() => (await Cluster.Worker.ShellAsync(
        """
        for id in $(ctr -n k8s.io containers ls -q 'labels."io.kubernetes.container.name"==web'); do
            pid=$(ctr -n k8s.io tasks ls | awk -v id="$id" '$1 == id && $3 == "RUNNING" { print $2 }')
            [ -z "$pid" ] || echo "$id $pid $(awk '{ print $22 }' /proc/$pid/stat)"
        done | sort
        """, Cancel)).Trim();

    /// <summary>Waits until kube-apiserver says that it is ready, on its own machine.</summary>
    public Task<TimeSpan> ApiReadyAsync(TimeSpan patience) => Wait.UntilAsync("a ready API", async token =>
        (await Control.TryShellAsync("kubectl --request-timeout=2s get --raw /readyz", token)) is
        { Succeeded: true, Output: "ok" }, patience, Cancel);

    /// <summary>Lets so many of the cloud's minutes pass.</summary>
    public Task PassAsync(int minutes) => Task.Delay(Lab.Cloud.Region.Time.Real(TimeSpan.FromMinutes(minutes)), Cancel);

    public static string Seconds(TimeSpan time) =>
        time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s";

    public static void Say(string text) => TestContext.Current.SendDiagnosticMessage(text);

    /// <summary>A repository on the region's object store, with a backup and its kit in it.</summary>
    public async Task BackUpAsync()
    {
        var init = $"init --repository s3://{RegionStore.Bucket}/{Guid.NewGuid():N} --s3-endpoint {RegionStore.Url} "
            + $"--s3-region {Laboratory.RegionName} --s3-path-style";
        foreach (var command in (string[])[init, "backup"])
        {
            var result = await SalvorAsync(command);
            Assert.True(result.Succeeded, $"salvor {command}:\n{result.Output}\n{result.Error}");
        }
    }

    private static string Named(string variable) =>
        System.Environment.GetEnvironmentVariable(variable) is { Length: > 0 } path && Path.Exists(path)
            ? path
            : throw new InvalidOperationException($"{variable} names nothing that is there. ./test sets it.");
}
