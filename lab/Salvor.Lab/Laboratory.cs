using System.Net;
using System.Net.Sockets;
using Salvor.Lab.Cli;
using Salvor.Lab.Cloud;
using Salvor.Lab.Cloud.Edge;
using Salvor.Lab.Cloud.Model;
using Salvor.Lab.Cluster;
using Salvor.Lab.Host;
using Salvor.Lab.Machines;
using Salvor.Lab.Network;
using Salvor.Lab.Store;

namespace Salvor.Lab;

/// <summary>
/// A region in a box: machines, their network, the cloud's API over them, an object store, a cluster.
/// </summary>
public sealed class Laboratory : IAsyncDisposable
{
    public const string RegionName = "lab-1";
    private const int HttpPort = 80;
    private static readonly string[] AllZones = ["lab-1a", "lab-1b", "lab-1c"];
    private readonly CancellationTokenSource _end = new();
    private readonly List<IAsyncDisposable> _endpoints = [];
    private readonly List<Socket> _sockets = [];

    private Laboratory(LabPaths paths, LabSettings settings)
    {
        Paths = paths;
        Fabric = new Fabric(paths);
        Host = new NspawnHost(paths, settings.Image, Fabric, AllZones);
        var zones = AllZones.Select((name, index) => new Zone(
            name, $"subnet-{name[^1]}", IPNetwork.Parse($"10.77.{index + 1}.0/24")));
        var options = new RegionOptions(RegionName, [.. zones]) { PublicNetwork = IPNetwork.Parse("10.77.200.0/24") };
        Cloud = new CloudService(options, Host, TimeProvider.System, settings.Scale);
        Cluster = new LabCluster(Cloud, Host);
    }

    /// <summary>The zones of the region. The control plane is in the first, the worker in the second.</summary>
    public static IReadOnlyList<string> Zones => AllZones;

    public LabPaths Paths { get; }

    public Fabric Fabric { get; }

    public NspawnHost Host { get; }

    public CloudService Cloud { get; }

    public LabCluster Cluster { get; }

    /// <summary>The cloud's API on this machine; the machines have it at the fabric's service address.</summary>
    public Uri? Endpoint { get; private set; }

    /// <summary>What drives the cloud. It ends before the lab does only when it failed.</summary>
    public Task Driving { get; private set; } = Task.CompletedTask;

    /// <summary>Removes what an earlier lab of this name left, and makes the region, without machines.</summary>
    public static async Task<Laboratory> CreateAsync(LabPaths paths, LabSettings settings, CancellationToken cancel)
    {
        if (LabOwner.Find(paths) is { } owner)
        {
            throw new LabException($"The lab '{paths.Name}' runs already, as process {owner}. End it: lab/lab down");
        }

        await Sweep.RunAsync(paths, cancel).ConfigureAwait(false);
        await ClaimAsync(paths, cancel).ConfigureAwait(false);
        await LabOwner.RecordAsync(paths, cancel).ConfigureAwait(false);
        var lab = new Laboratory(paths, settings);
        try
        {
            await lab.BeginAsync(settings, cancel).ConfigureAwait(false);
            return lab;
        }
        catch
        {
            await lab.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await Driving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var endpoint in _endpoints)
        {
            await endpoint.DisposeAsync().ConfigureAwait(false);
        }

        _sockets.ForEach(socket => socket.Dispose());
        await Sweep.RunAsync(Paths, CancellationToken.None).ConfigureAwait(false);
        _end.Dispose();
    }

    /// <summary>Makes the lab's directories and its group.</summary>
    private static async Task ClaimAsync(LabPaths paths, CancellationToken cancel)
    {
        const int attempts = 20;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Directory.CreateDirectory(paths.Run);
                Directory.CreateDirectory(paths.Disks);
                new ControlGroups(paths.ControlGroup).Create();
                return;
            }
            catch (IOException) when (attempt < attempts)
            {
                // Another lab, the last one until now, has just removed what all of them share.
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancel).ConfigureAwait(false);
            }
        }
    }

    private async Task BeginAsync(LabSettings settings, CancellationToken cancel)
    {
        await Fabric.CreateAsync(AllZones.Length, cancel).ConfigureAwait(false);
        var endpoint = await CloudEndpoint.StartAsync(
            Cloud, new IPEndPoint(IPAddress.Loopback, 0), Bind(Fabric.ServiceAddress), cancel).ConfigureAwait(false);
        _endpoints.Add(endpoint);
        _endpoints.Add(await MetadataEndpoint.StartAsync(Cloud, Bind(Fabric.MetadataAddress), cancel)
            .ConfigureAwait(false));
        Endpoint = endpoint.Address;
        if (settings.Store is { } program)
        {
            await new RegionStore(Paths, Fabric, program).StartAsync(cancel).ConfigureAwait(false);
        }

        Driving = Cloud.RunAsync(_end.Token);
    }

    private Socket Bind(string address)
    {
        var socket = NamespaceSocket.Bind(
            Fabric.NamespaceFile, new IPEndPoint(IPAddress.Parse(address), HttpPort));
        _sockets.Add(socket);
        return socket;
    }
}
