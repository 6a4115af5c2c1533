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
    private const string Interlock = "--initial-cluster-state=existing";

    /// <summary>Looks, a second apart, that must find the same processes: then the control plane is steady.</summary>
    private const int SteadyLooks = 6;

    /// <summary>For a command of ours; a move of etcd's data waits for kubelet several times.</summary>
    private static readonly TimeSpan SalvorPatience = TimeSpan.FromMinutes(10);

    /// <summary>For anything that happens by itself, on a machine that has other things to do.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Whether the cluster is protected. As kubeadm makes it, no code of ours runs: a full run sees that, too.
    /// </summary>
    public static TheoryData<bool> Sides => TestLevel.IsFull ? [false, true] : [true];

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
        Control.TryShellAsync($"{Environment} salvor {arguments}", Cancel, SalvorPatience);

    /// <summary>Sets up every protection of machine and cloud; returns when all stands still again.</summary>
    public async Task<string> ProtectAsync(string more = "--yes")
    {
        var result = await SalvorAsync($"protect --cloud aws --cluster lab {more}");
        Assert.True(result.Succeeded, $"protect ended with {result.Code}:\n{result.Output}\n{result.Error}");
        await InterlockAsync(isInForce: true);
        return result.Output;
    }

    /// <summary>
    /// Waits until the etcd that runs has, or lacks, the interlock, and the control plane is steady. kubelet takes a
    /// changed manifest when it finds the time: until then the API answers as if nothing were to come.
    /// </summary>
    public async Task InterlockAsync(bool isInForce)
    {
        await Wait.UntilAsync($"an etcd with{(isInForce ? "" : "out")} the interlock", async token =>
        {
            var flags = await FlagsAsync("etcd", token);
            return flags.Count > 0 && flags.Contains(Interlock) == isInForce;
        }, Patience, Cancel);
        await SteadyAsync();
    }

    /// <summary>
    /// Waits until the API is ready, and etcd, kube-apiserver and kubelet are the same processes for a while.
    /// </summary>
    public async Task SteadyAsync()
    {
        var (before, looks) = ("", 0);
        await Wait.UntilAsync("a control plane that stands still", async token =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), token);
            var now = (await Control.ShellAsync(
                """
                for process in /proc/[0-9]*; do
                    read -r name 2>/dev/null <$process/comm || continue
                    case $name in etcd | kube-apiserver | kubelet) echo $process ;; esac
                done
                """, token)).Trim();
            looks = now == before && now.Split('\n').Length == 3 && await IsReadyAsync(token) ? looks + 1 : 0;
            before = now;
            return looks >= SteadyLooks;
        }, Patience, Cancel);
    }

    /// <summary>
    /// Starts kubelet anew, so that it has no crash in mind. After a boot it has: it finds the containers of before,
    /// takes them for crashed, and would let the next one wait ten seconds and more.
    /// </summary>
    public async Task KubeletAnewAsync()
    {
        var start = Lab.Cloud.Region.Time.Now;
        await Control.ShellAsync("systemctl restart kubelet", Cancel);
        await Cluster.ReadyAsync(start, Cancel);
        await SteadyAsync();
    }

    /// <summary>The workload's containers on the worker: id, process, and when that started, a line each.</summary>
    public Task<string> WorkloadAsync() => Cluster.WorkloadAsync(Cancel);

    /// <summary>Waits until kube-apiserver says that it is ready, on its own machine.</summary>
    public Task<TimeSpan> ApiReadyAsync(TimeSpan? patience = null) =>
        Wait.UntilAsync("a ready API", IsReadyAsync, patience ?? Patience, Cancel);

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

    private async Task<bool> IsReadyAsync(CancellationToken cancel) =>
        (await Control.TryShellAsync("kubectl --request-timeout=2s get --raw /readyz", cancel)) is
        { Succeeded: true, Output: "ok" };

    /// <summary>The flags that a program runs with, found by its own name; none while it does not run.</summary>
    private async Task<IReadOnlyList<string>> FlagsAsync(string program, CancellationToken cancel) =>
        (await Control.ShellAsync(
            $$"""
            for process in /proc/[0-9]*; do
                read -r name 2>/dev/null <$process/comm || continue
                [[ $name != {{program}} ]] || tr '\0' '\n' <$process/cmdline
            done
            """, cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string Named(string variable) =>
        System.Environment.GetEnvironmentVariable(variable) is { Length: > 0 } path && Path.Exists(path)
            ? path
            : throw new InvalidOperationException($"{variable} names nothing that is there. ./test sets it.");
}
