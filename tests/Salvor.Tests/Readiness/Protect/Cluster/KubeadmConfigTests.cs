using System.Net;
using System.Text.Json.Nodes;
using Salvor.Readiness.Protect;
using Salvor.Readiness.Protect.Cluster;
using Salvor.Tests.Readiness.Protect.Machine;

namespace Salvor.Tests.Readiness.Protect.Cluster;

public sealed class KubeadmConfigTests : IDisposable
{
    /// <summary>As kubeadm 1.34 writes it.</summary>
    private const string List = "apiServer: {}\napiVersion: kubeadm.k8s.io/v1beta4\nclusterName: kubernetes\n"
        + "etcd:\n  local:\n    dataDir: /var/lib/etcd\nkind: ClusterConfiguration\nkubernetesVersion: v1.34.1\n";

    private const string Map = "apiServer:\n  timeoutForControlPlane: 4m0s\napiVersion: kubeadm.k8s.io/v1beta3\n"
        + "etcd:\n  local:\n    dataDir: /var/lib/etcd\nkind: ClusterConfiguration\n";

    private const string ListArgument =
        "    extraArgs:\n      - name: initial-cluster-state\n        value: existing\n";

    private const string MapArgument = "    extraArgs:\n      initial-cluster-state: existing\n";
    private const string DataDir = "    dataDir: /var/lib/etcd\n";

    private readonly MachineRoot _machine = new();
    private readonly LoopbackApi _certificates = new();

    public KubeadmConfigTests() => _machine.Write(Kubeconfig.DefaultPath, _certificates.Kubeconfig);

    public static TheoryData<string, string> Shapes => new()
    {
        { List, List.Replace(DataDir, ListArgument + DataDir, StringComparison.Ordinal) },
        { Map, Map.Replace(DataDir, MapArgument + DataDir, StringComparison.Ordinal) },
        {
            List.Replace(DataDir, DataDir
                + "    extraArgs:\n    - name: quota-backend-bytes # big\n      value: \"8\"\n",
                StringComparison.Ordinal),
            List.Replace(DataDir, DataDir
                + "    extraArgs:\n    - name: initial-cluster-state\n      value: existing\n"
                + "    - name: quota-backend-bytes # big\n      value: \"8\"\n",
                StringComparison.Ordinal)
        },
        {
            Map.Replace(DataDir, DataDir + "    extraArgs:\n        quota-backend-bytes: '8'\n",
                StringComparison.Ordinal),
            Map.Replace(DataDir, DataDir + "    extraArgs:\n        initial-cluster-state: existing\n"
                + "        quota-backend-bytes: '8'\n", StringComparison.Ordinal)
        },
        {
            List.Replace(DataDir, ListArgument.Replace("existing", "\"new\"", StringComparison.Ordinal) + DataDir,
                StringComparison.Ordinal),
            List.Replace(DataDir, ListArgument.Replace("existing", "\"existing\"", StringComparison.Ordinal) + DataDir,
                StringComparison.Ordinal)
        },
    };

    public void Dispose()
    {
        _certificates.Dispose();
        _machine.Dispose();
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task The_argument_is_added_and_taken_away_and_every_other_byte_stays(string before, string after)
    {
        using var server = new ConfigMapServer(before);

        Assert.Equal(ProtectionOutcome.Changed, (await RunAsync(server)).Outcome);
        Assert.Equal(after, server.Configuration);
        var metadata = JsonNode.Parse(server.LastPut!)!["metadata"]!;
        Assert.Equal("<as it is>", metadata["labels"]!["kept"]!.GetValue<string>());

        Assert.Equal(ProtectionState.InForce, (await RunAsync(server)).Look.State);
        Assert.Equal(1, server.Puts);

        Assert.Equal(ProtectionOutcome.Changed, (await RunAsync(server, ProtectionAim.Remove)).Outcome);
        Assert.Equal(before, server.Configuration);
        Assert.Equal(ProtectionState.InForce, (await RunAsync(server, ProtectionAim.Remove)).Look.State);
        Assert.Equal(2, server.Puts);
    }

    [Fact]
    public async Task Removing_leaves_an_argument_that_somebody_else_wrote()
    {
        using var server = new ConfigMapServer(Map.Replace(DataDir, MapArgument + DataDir, StringComparison.Ordinal));

        Assert.Equal(ProtectionState.InForce, (await RunAsync(server)).Look.State);
        Assert.Equal(ProtectionState.InForce, (await RunAsync(server, ProtectionAim.Remove)).Look.State);
        Assert.Equal(0, server.Puts);
    }

    [Fact]
    public async Task Somebody_who_was_quicker_is_not_overwritten()
    {
        using var server = new ConfigMapServer(Map) { Races = 2 };

        Assert.Equal(ProtectionOutcome.Changed, (await RunAsync(server)).Outcome);
        Assert.Equal(1, server.Puts);

        using var busy = new ConfigMapServer(Map) { Races = 100 };
        Assert.Equal(ProtectionOutcome.Failed, (await RunAsync(busy)).Outcome);
        Assert.Equal(0, busy.Puts);
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, ProtectionState.Unseen)]
    [InlineData(HttpStatusCode.TooManyRequests, ProtectionState.Unseen)]
    [InlineData(HttpStatusCode.Forbidden, ProtectionState.Refused)]
    public async Task A_server_that_is_not_ready_is_unseen_and_one_that_refuses_is_told(
        HttpStatusCode status, ProtectionState state)
    {
        using var server = new ConfigMapServer(Map) { Instead = status };

        var result = await RunAsync(server);

        Assert.Equal(state, result.Look.State);
        Assert.Contains($"{(int)status}", result.Look.Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, ProtectionState.NotApplicable)]
    [InlineData("apiVersion: kubeadm.k8s.io/v1beta3\netcd:\n  external:\n    endpoints: [a]\n",
        ProtectionState.NotApplicable)]
    [InlineData("apiVersion: kubeadm.k8s.io/v1beta9\n", ProtectionState.Refused)]
    public async Task What_is_not_kubeadms_is_left_alone(string? configuration, ProtectionState state)
    {
        using var server = new ConfigMapServer(configuration);

        Assert.Equal(state, (await RunAsync(server)).Look.State);
        Assert.Equal(0, server.Puts);
    }

    [Theory]
    [InlineData("apiVersion: kubeadm.k8s.io/v1beta3\netcd: {local: {dataDir: /d}}\n")]
    [InlineData("apiVersion: kubeadm.k8s.io/v1beta3\netcd:\n  local:\n    extraArgs: {a: b}\n")]
    [InlineData("apiVersion: kubeadm.k8s.io/v1beta4\netcd:\n  local:\n    extraArgs:\n      a: b\n")]
    public async Task A_shape_that_is_not_understood_is_not_written(string configuration)
    {
        using var server = new ConfigMapServer(configuration);

        var result = await RunAsync(server);

        Assert.Equal(ProtectionOutcome.Failed, result.Outcome);
        Assert.Contains("Nothing was changed.", result.Failure?.Hint, StringComparison.Ordinal);
        Assert.Equal((configuration, 0), (server.Configuration, server.Puts));
    }

    [Fact]
    public async Task A_server_that_is_down_and_a_missing_kubeconfig_are_unseen()
    {
        var protection = new KubeadmConfig(
            _machine.Files, _machine.Record, Kubeconfig.DefaultPath, KubernetesApi.Of);
        _certificates.Stop();
        Assert.Equal(ProtectionState.Unseen, (await MachineRoot.RunAsync(protection)).Look.State);

        File.Delete(_machine.PathOf(Kubeconfig.DefaultPath));
        Assert.Equal(ProtectionState.Unseen, (await MachineRoot.RunAsync(protection)).Look.State);
    }

    [Fact]
    public async Task The_kubeconfigs_certificates_open_a_real_connection()
    {
        var protection = new KubeadmConfig(
            _machine.Files, _machine.Record, Kubeconfig.DefaultPath, KubernetesApi.Of);
        var serving = _certificates.AnswerOnceAsync("404 Not Found", "{}");

        Assert.Equal(ProtectionState.NotApplicable, (await MachineRoot.RunAsync(protection)).Look.State);

        Assert.Equal("CN=kubernetes-admin", await serving);
    }

    private async Task<ProtectionResult> RunAsync(
        ConfigMapServer server, ProtectionAim aim = ProtectionAim.Protect)
    {
        var protection = new KubeadmConfig(_machine.Files, _machine.Record, Kubeconfig.DefaultPath,
            config => new KubernetesApi(config.Server, new KeptHandler(server), config));
        return await MachineRoot.RunAsync(protection, aim);
    }
}
