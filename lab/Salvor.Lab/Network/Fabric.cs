using System.Globalization;
using Salvor.Lab.Host;

namespace Salvor.Lab.Network;

/// <summary>
/// The network between machines: one namespace with a bridge for each zone, which routes between them. Machines hang on
/// their zone's bridge; the region's services have an address here.
/// </summary>
public sealed class Fabric(LabPaths paths)
{
    /// <summary>Where the region's services listen, the same from every zone.</summary>
    public const string ServiceAddress = "10.77.255.1";

    /// <summary>Where a machine asks who it is. It is on the machine's own link, so no partition cuts it off.</summary>
    public const string MetadataAddress = "169.254.169.254";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The gateway of a zone, by the zone's number from 1.</summary>
    public static string Gateway(int zone) => $"10.77.{zone}.1";

    /// <summary>An address in a zone.</summary>
    public static string Address(int zone, int host) => $"10.77.{zone}.{host}";

    /// <summary>The file of the fabric's namespace.</summary>
    public string NamespaceFile => FileOf(paths.Fabric);

    /// <summary>The file of a machine's namespace.</summary>
    public string NamespaceOf(string machine) => FileOf(NameOf(machine));

    /// <summary>Makes the namespace and the bridges of so many zones.</summary>
    public async Task CreateAsync(int zones, CancellationToken cancel)
    {
        await Tool.RunAsync(cancel, "ip", "netns", "add", paths.Fabric).ConfigureAwait(false);
        await IpAsync(cancel, "link", "set", "lo", "up").ConfigureAwait(false);
        await IpAsync(cancel, "address", "add", ServiceAddress + "/32", "dev", "lo").ConfigureAwait(false);
        await IpAsync(cancel, "address", "add", MetadataAddress + "/32", "dev", "lo").ConfigureAwait(false);
        for (var zone = 1; zone <= zones; zone++)
        {
            await IpAsync(cancel, "link", "add", Bridge(zone), "type", "bridge").ConfigureAwait(false);
            await IpAsync(cancel, "address", "add", Gateway(zone) + "/24", "dev", Bridge(zone)).ConfigureAwait(false);
            await IpAsync(cancel, "link", "set", Bridge(zone), "up").ConfigureAwait(false);
        }

        await EnterAsync(cancel, "sysctl", "-qw", "net.ipv4.ip_forward=1").ConfigureAwait(false);
        // Where the kernel's bridge filter is loaded, the rules below would be asked about frames within a zone too.
        await EnterAsync(cancel, "sysctl", "-qe", "-w", "net.bridge.bridge-nf-call-iptables=0").ConfigureAwait(false);
    }

    /// <summary>Gives a machine its namespace, with an interface on its zone's bridge.</summary>
    public async Task PlugInAsync(string machine, int zone, string address, CancellationToken cancel)
    {
        var name = NameOf(machine);
        var port = Port(machine);
        await Tool.RunAsync(cancel, "ip", "netns", "add", name).ConfigureAwait(false);
        await IpAsync(cancel, "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", name)
            .ConfigureAwait(false);
        await IpAsync(cancel, "link", "set", port, "master", Bridge(zone)).ConfigureAwait(false);
        await IpAsync(cancel, "link", "set", port, "up").ConfigureAwait(false);
        await Tool.RunAsync(cancel, "ip", "-n", name, "link", "set", "lo", "up").ConfigureAwait(false);
        await Tool.RunAsync(cancel, "ip", "-n", name, "address", "add", address + "/24", "dev", "eth0")
            .ConfigureAwait(false);
        await Tool.RunAsync(cancel, "ip", "-n", name, "link", "set", "eth0", "up").ConfigureAwait(false);
        await Tool.RunAsync(cancel, "ip", "-n", name, "route", "add", "default", "via", Gateway(zone))
            .ConfigureAwait(false);
    }

    /// <summary>Takes a machine's namespace away, with its interfaces and rules, as a power cut does.</summary>
    public async Task PullOutAsync(string machine, CancellationToken cancel)
    {
        // The kernel clears a namespace when it finds the time; the interface's name is wanted again at once.
        await Tool.TryAsync("ip", ["-n", paths.Fabric, "link", "delete", Port(machine)], Patience, cancel)
            .ConfigureAwait(false);
        var deleted = await Tool.TryAsync("ip", ["netns", "delete", NameOf(machine)], Patience, cancel)
            .ConfigureAwait(false);
        // It may be gone already: a fault and the cloud may switch a machine off at the same time.
        if (!deleted.Succeeded && File.Exists(NamespaceOf(machine)))
        {
            throw new LabException($"The network of {machine} can't be taken away: {deleted.Error.Trim()}");
        }
    }

    /// <summary>Switches a machine's cable on or off. Off, it answers nobody, not even its own zone.</summary>
    public Task SetLinkAsync(string machine, bool up, CancellationToken cancel) =>
        IpAsync(cancel, "link", "set", Port(machine), up ? "up" : "down");

    /// <summary>Cuts a zone off from the other zones and the region's services, or joins it again.</summary>
    public async Task PartitionAsync(int zone, bool apart, CancellationToken cancel)
    {
        foreach (var rule in (string[][])
            [
                ["FORWARD", "-i", Bridge(zone), "!", "-o", Bridge(zone), "-j", "DROP"],
                ["FORWARD", "!", "-i", Bridge(zone), "-o", Bridge(zone), "-j", "DROP"],
                ["INPUT", "-i", Bridge(zone), "!", "-d", MetadataAddress, "-j", "DROP"],
            ])
        {
            await SetRuleAsync(rule, apart, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Lets nobody reach a port of the region's services, or lets them again.</summary>
    public Task BlockServiceAsync(int port, bool blocked, CancellationToken cancel) => SetRuleAsync(
        [
            "INPUT", "-p", "tcp", "-d", ServiceAddress, "--dport", port.ToString(CultureInfo.InvariantCulture),
            "-j", "DROP",
        ],
        blocked, cancel);

    /// <summary>Gives a machine that is on another address than it had, as a new lease does.</summary>
    /// <remarks>
    /// The old one goes first: beside it the new one would be its secondary, which the kernel takes away with it. With
    /// the last address all routes of the interface go, so the way out is made anew.
    /// </remarks>
    public async Task ChangeAddressAsync(string machine, string before, string after, CancellationToken cancel)
    {
        var name = NameOf(machine);
        await Tool.RunAsync(cancel, "ip", "-n", name, "address", "delete", before + "/24", "dev", "eth0")
            .ConfigureAwait(false);
        await Tool.RunAsync(cancel, "ip", "-n", name, "address", "add", after + "/24", "dev", "eth0")
            .ConfigureAwait(false);
        var gateway = after[..after.LastIndexOf('.')] + ".1";
        await Tool.RunAsync(cancel, "ip", "-n", name, "route", "replace", "default", "via", gateway)
            .ConfigureAwait(false);
    }

    /// <summary>Lets an elastic address lead to a machine's own, or to nobody.</summary>
    public async Task RedirectAsync(string elastic, string? before, string? after, CancellationToken cancel)
    {
        foreach (var (target, on) in ((string?, bool)[])[(before, false), (after, true)])
        {
            if (target is null)
            {
                continue;
            }

            await SetRuleAsync(["PREROUTING", "-t", "nat", "-d", elastic, "-j", "DNAT", "--to-destination", target],
                on, cancel).ConfigureAwait(false);
            // A machine that calls its own elastic address must not see itself as the caller.
            await SetRuleAsync(["POSTROUTING", "-t", "nat", "-s", target, "-d", target, "-j", "MASQUERADE"], on, cancel)
                .ConfigureAwait(false);
        }

        // Flows that the old rule began would go on to the old machine.
        await Tool.TryAsync("nsenter", [$"--net={NamespaceFile}", "conntrack", "-D", "-d", elastic],
            TimeSpan.FromSeconds(5), cancel).ConfigureAwait(false);
    }

    /// <summary>Whether a machine answers when its zone asks who has its address, as a cloud's check does.</summary>
    public async Task<bool> AnswersAsync(string address, TimeSpan patience, CancellationToken cancel)
    {
        await EnterAsync(cancel, "ip", "neigh", "flush", "to", address).ConfigureAwait(false);
        var seconds = Math.Max(1, (int)Math.Ceiling(patience.TotalSeconds));
        var ping = await Tool.TryAsync(
            "nsenter", [$"--net={NamespaceFile}", "ping", "-q", "-c", "1", "-W", $"{seconds}", address],
            patience + TimeSpan.FromSeconds(2), cancel).ConfigureAwait(false);
        if (ping.Code > 2)
        {
            throw new LabException($"ping does not run, and no check can be made without it: {ping.Error.Trim()}");
        }

        var neighbour = await EnterAsync(cancel, "ip", "neigh", "show", "to", address).ConfigureAwait(false);
        return neighbour.Contains("lladdr", StringComparison.Ordinal)
            && !neighbour.Contains("FAILED", StringComparison.Ordinal);
    }

    private async Task SetRuleAsync(string[] rule, bool present, CancellationToken cancel)
    {
        var check = await Tool.TryAsync("nsenter", [$"--net={NamespaceFile}", "iptables", "-C", .. rule],
            TimeSpan.FromSeconds(5), cancel).ConfigureAwait(false);
        if (check.Succeeded != present)
        {
            await EnterAsync(cancel, ["iptables", present ? "-I" : "-D", .. rule]).ConfigureAwait(false);
        }
    }

    private Task<string> EnterAsync(CancellationToken cancel, params string[] command) =>
        Tool.RunAsync("nsenter", [$"--net={NamespaceFile}", .. command], cancel);

    private Task<string> IpAsync(CancellationToken cancel, params string[] arguments) =>
        Tool.RunAsync("ip", ["-n", paths.Fabric, .. arguments], cancel);

    private string NameOf(string machine) => paths.NamespacePrefix + machine;

    private static string FileOf(string name) => $"/run/netns/{name}";

    private static string Bridge(int zone) => $"zone-{zone}";

    /// <summary>An interface has 15 characters at most: the end of an id tells machines apart.</summary>
    private static string Port(string machine) => "m-" + (machine.Length > 12 ? machine[^12..] : machine);
}
