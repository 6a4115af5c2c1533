using System.Text;
using Salvor.Lab;
using Salvor.Lab.Cluster;
using Salvor.Lab.Machines;
using Salvor.Lab.Network;

namespace Salvor.LabTests.Cluster;

/// <summary>A guard as a systemd service of the worker's machine, in another zone than the control plane.</summary>
/// <remarks>The cloud's minute takes six seconds, and the guard is told so: its waits are scaled, too.</remarks>
internal sealed class GuardOnWorker(ClusterFixture fixture)
{
    private const string Cloud = $"http://{Fabric.ServiceAddress}";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private Machine Worker => fixture.Cluster.Worker;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Backs up, gives the worker what opens the repository, and starts a guard there.</summary>
    public async Task StartAsync(string name, string mode)
    {
        var minute = (int)fixture.Lab.Cloud.Region.Time.Real(TimeSpan.FromMinutes(1)).TotalMilliseconds;
        var repository = await fixture.Control.ShellAsync(
            "sed -n '/^repository:/,/^[a-z#]/p' /etc/salvor/config.yaml | grep -v '^[#]'", Cancel);
        var config = repository.TrimEnd() + "\n" + $"""
            recovery:
              mode: {mode}
              guard:
                name: {name}
                cluster: lab
                endpoint: https://{UserData.Endpoint}:6443
                caFile: /etc/kubernetes/pki/ca.crt
                cloud: aws
                region: {Laboratory.RegionName}
                instanceId: {fixture.Cluster.ControlPlaneId}
                etcdVolume: {fixture.Cluster.EtcdVolume.Id}
                minuteMs: {minute}

            """;
        var key = await fixture.Control.ShellAsync("base64 -w0 /etc/salvor/repository.key", Cancel);
        var unit = $"""
            [Service]
            Type=notify
            Environment=AWS_ENDPOINT_URL_EC2={Cloud} AWS_ENDPOINT_URL_CLOUDWATCH={Cloud}
            ExecStart=/usr/local/bin/salvor guard --config /etc/salvor/{name}.yaml --output json
            StandardOutput=append:/var/log/{name}.jsonl
            StandardError=append:/var/log/{name}.jsonl
            WatchdogSec=60
            TimeoutStopSec=20

            """;
        await Worker.ShellAsync(
            $"mkdir -p /etc/salvor && cd /etc/salvor && umask 077 && echo {key.Trim()} | base64 -d >repository.key && "
            + $"echo {Encode(config)} | base64 -d >{name}.yaml && "
            + $"echo {Encode(unit)} | base64 -d >/etc/systemd/system/{name}.service && "
            + $"systemctl daemon-reload && systemctl start {name}.service", Cancel);
    }

    /// <summary>Waits until the guard has said something, so many times.</summary>
    public Task<TimeSpan> SaidAsync(string name, string words, int times = 1) => Wait.UntilAsync(
        $"'{words}' of {name}", async token => (await LogAsync(name, token)).Split(words).Length > times,
        Patience, Cancel);

    public async Task<string> LogAsync(string name, CancellationToken cancel) =>
        (await Worker.TryShellAsync($"cat /var/log/{name}.jsonl", cancel)).Output;

    /// <summary>Ends the guard as systemd does, and tells how it ended.</summary>
    public async Task<string> StopAsync(string name) => (await Worker.ShellAsync(
        $"systemctl stop {name}.service; systemctl show {name}.service -p Result -p ExecMainStatus", Cancel)).Trim();

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
