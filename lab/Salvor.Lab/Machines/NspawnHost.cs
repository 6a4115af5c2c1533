using System.Collections.Concurrent;
using Salvor.Lab.Cloud;
using Salvor.Lab.Host;
using Salvor.Lab.Network;
using Salvor.Lab.Volumes;

namespace Salvor.Lab.Machines;

/// <summary>Machines as systemd-nspawn containers, volumes as loop devices: what the cloud's API stands on.</summary>
public sealed class NspawnHost(LabPaths paths, MachineImage image, Fabric fabric, IReadOnlyList<string> zones)
    : IMachineHost
{
    private readonly ConcurrentDictionary<string, Place> _places = new();
    private readonly ConcurrentDictionary<string, string> _addresses = new();
    private readonly ConcurrentDictionary<string, bool> _unplugged = new();
    private readonly VolumeImages _volumes = new(paths);

    private sealed record Place(Machine Machine, MachineOrder Order, string HostName)
    {
        public string Address { get; init; } = Order.PrivateAddress;
    }

    /// <summary>A machine by its id.</summary>
    /// <exception cref="LabException">There is none.</exception>
    public Machine Find(string instance) => PlaceOf(instance).Machine;

    /// <summary>The address that a machine has now.</summary>
    public string AddressOf(string instance) => PlaceOf(instance).Address;

    /// <inheritdoc/>
    public async Task CreateAsync(MachineOrder order, CancellationToken cancel)
    {
        var machine = new Machine(paths, image, order.Instance, fabric.NamespaceOf(order.Instance));
        if (Directory.Exists(ImageOf(order.Image)))
        {
            await CopyAsync(ImageOf(order.Image), machine.Disk, cancel).ConfigureAwait(false);
        }

        var name = order.Tags.TryGetValue("Name", out var tag) ? tag : order.Instance;
        machine.WriteWhileOff("/etc/hostname", System.Text.Encoding.ASCII.GetBytes(name + "\n"));
        if (!order.UserData.IsEmpty)
        {
            machine.WriteWhileOff("/var/lib/lab/user-data", order.UserData.Span);
            machine.DeleteWhileOff("/var/lib/lab/user-data.done");
        }

        _places[order.Instance] = new Place(machine, order, name);
    }

    /// <summary>Keeps a machine's root disk as an image that others can be made from.</summary>
    public async Task CreateImageAsync(string name, string instance, CancellationToken cancel)
    {
        var machine = Find(instance);
        Directory.CreateDirectory(Path.GetDirectoryName(ImageOf(name))!);
        // What it wrote is in this machine's own page cache: a moment's standstill makes the copy one of one moment.
        machine.Freeze(true);
        try
        {
            await CopyAsync(machine.Disk, ImageOf(name), cancel).ConfigureAwait(false);
        }
        finally
        {
            machine.Freeze(false);
        }
    }

    /// <inheritdoc/>
    public async Task PowerOnAsync(string instance, CancellationToken cancel)
    {
        var place = PlaceOf(instance);
        var zone = zones.ToList().IndexOf(place.Order.Zone) + 1;
        await fabric.PullOutAsync(instance, cancel).ConfigureAwait(false);
        await fabric.PlugInAsync(instance, zone, place.Address, cancel).ConfigureAwait(false);
        if (_unplugged.ContainsKey(instance))
        {
            await fabric.SetLinkAsync(instance, false, cancel).ConfigureAwait(false);
        }

        await place.Machine.PowerOnAsync(place.HostName, cancel).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<bool> ShutDownAsync(string instance, TimeSpan patience, CancellationToken cancel)
    {
        var isDown = await Find(instance).ShutDownAsync(patience, cancel).ConfigureAwait(false);
        if (isDown)
        {
            await fabric.PullOutAsync(instance, cancel).ConfigureAwait(false);
        }

        return isDown;
    }

    /// <inheritdoc/>
    public async Task PowerOffAsync(string instance, CancellationToken cancel)
    {
        await Find(instance).PowerOffAsync(cancel).ConfigureAwait(false);
        await fabric.PullOutAsync(instance, cancel).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(string instance, CancellationToken cancel)
    {
        await PowerOffAsync(instance, cancel).ConfigureAwait(false);
        await Tool.RunAsync(cancel, "rm", "-rf", "--one-file-system", Find(instance).Disk).ConfigureAwait(false);
        if (_places.TryRemove(instance, out var place))
        {
            place.Machine.Dispose();
        }
    }

    /// <inheritdoc/>
    public bool IsOn(string instance) => Find(instance).IsOn;

    /// <inheritdoc/>
    public async Task<bool> AnswersAsync(string instance, TimeSpan patience, CancellationToken cancel)
    {
        var place = PlaceOf(instance);
        return place.Machine is { IsOn: true, IsFrozen: false }
            && await fabric.AnswersAsync(place.Address, patience, cancel).ConfigureAwait(false);
    }

    /// <summary>A kernel that hangs: nothing runs, and nothing answers on the network. A power cycle ends it.</summary>
    public async Task HangAsync(string instance, bool hung, CancellationToken cancel)
    {
        if (Find(instance) is { IsOn: true } machine)
        {
            machine.Freeze(hung);
            await SetLinkAsync(instance, !hung && !_unplugged.ContainsKey(instance), cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Pulls the machine's cable, or puts it back. It stays out over a power cycle.</summary>
    public async Task UnplugAsync(string instance, bool unplugged, CancellationToken cancel)
    {
        _ = unplugged ? _unplugged.TryAdd(instance, true) : _unplugged.TryRemove(instance, out _);
        await SetLinkAsync(instance, !unplugged && !Find(instance).IsFrozen, cancel).ConfigureAwait(false);
    }

    /// <summary>Gives a machine another address; null for the one that it was ordered with.</summary>
    public async Task ChangeAddressAsync(string instance, string? address, CancellationToken cancel)
    {
        var place = PlaceOf(instance);
        var after = address ?? place.Order.PrivateAddress;
        if (IsOn(instance) && after != place.Address)
        {
            await fabric.ChangeAddressAsync(instance, place.Address, after, cancel).ConfigureAwait(false);
        }

        _places[instance] = place with { Address = after };
        foreach (var elastic in _addresses.Where(one => one.Value == place.Address).Select(one => one.Key).ToList())
        {
            await MoveAddressAsync(elastic, instance, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Lets so few writes a second through to a volume; null for as many as there are.</summary>
    public async Task SlowVolumeAsync(string volume, int? writes, CancellationToken cancel)
    {
        var device = await LoopDevices.OfFileAsync(_volumes.FileOf(volume), cancel).ConfigureAwait(false)
            ?? throw new LabException($"{volume} has no device.");
        var numbers = await File.ReadAllTextAsync($"/sys/block/{Path.GetFileName(device)}/dev", cancel)
            .ConfigureAwait(false);
        // A rule holds for one group: the journal's writes are the kernel's, in the topmost, the others etcd's own.
        var groups = Directory.EnumerateDirectories(
            new ControlGroups(paths.ControlGroup).In("blkio"), "*", SearchOption.AllDirectories);
        foreach (var group in groups.Append(new ControlGroups("").In("blkio")))
        {
            await File.WriteAllTextAsync(
                $"{group}/blkio.throttle.write_iops_device", $"{numbers.Trim()} {writes ?? 0}", cancel)
                .ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public Task CreateVolumeAsync(string volume, int sizeGiB, string? snapshot, CancellationToken cancel) =>
        _volumes.CreateAsync(volume, sizeGiB, snapshot, cancel);

    /// <inheritdoc/>
    public Task DeleteVolumeAsync(string volume, CancellationToken cancel)
    {
        _volumes.Delete(volume);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task AttachAsync(string volume, string instance, string device, CancellationToken cancel)
    {
        var opened = await _volumes.OpenAsync(volume, cancel).ConfigureAwait(false);
        await Find(instance).AddDeviceAsync(device, opened, cancel).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<bool> DetachAsync(string volume, string instance, bool force, CancellationToken cancel)
    {
        var machine = Find(instance);
        var file = _volumes.FileOf(volume);
        var opened = await LoopDevices.OfFileAsync(file, cancel).ConfigureAwait(false)
            ?? throw new LabException($"{volume} has no device.");
        var name = machine.Devices.First(device => device.Value == opened).Key;
        if (await machine.MountOfAsync(name, cancel).ConfigureAwait(false) is { } mount)
        {
            if (!force)
            {
                return false;
            }

            FileSystemShutdown.Run($"/proc/{machine.Init}/root{mount}");
        }

        await machine.RemoveDeviceAsync(name, cancel).ConfigureAwait(false);
        await VolumeImages.CloseAsync(opened, cancel).ConfigureAwait(false);
        return true;
    }

    /// <inheritdoc/>
    public async Task CreateSnapshotAsync(string snapshot, string volume, CancellationToken cancel)
    {
        // What the machine wrote is in its file system's cache: frozen for the copy, so that it is of one moment.
        var opened = await LoopDevices.OfFileAsync(_volumes.FileOf(volume), cancel).ConfigureAwait(false);
        var user = _places.Values.Select(place => place.Machine)
            .FirstOrDefault(machine => opened is not null && machine.Devices.Values.Contains(opened));
        var name = user?.Devices.First(device => device.Value == opened).Key;
        var mount = user is null ? null : await user.MountOfAsync(name!, cancel).ConfigureAwait(false);
        if (mount is not null)
        {
            await user!.RunAsync(cancel, "fsfreeze", "--freeze", mount).ConfigureAwait(false);
        }

        try
        {
            await _volumes.SnapshotAsync(snapshot, volume, cancel).ConfigureAwait(false);
        }
        finally
        {
            if (mount is not null)
            {
                await user!.RunAsync(CancellationToken.None, "fsfreeze", "--unfreeze", mount).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    public Task DeleteSnapshotAsync(string snapshot, CancellationToken cancel)
    {
        _volumes.DeleteSnapshot(snapshot);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task MoveAddressAsync(string address, string? instance, CancellationToken cancel)
    {
        _addresses.TryRemove(address, out var before);
        var after = instance is null ? null : PlaceOf(instance).Address;
        await fabric.RedirectAsync(address, before, after, cancel).ConfigureAwait(false);
        if (after is not null)
        {
            _addresses[address] = after;
        }
    }

    private Task SetLinkAsync(string instance, bool up, CancellationToken cancel) =>
        IsOn(instance) ? fabric.SetLinkAsync(instance, up, cancel) : Task.CompletedTask;

    private string ImageOf(string name) => $"{paths.Disks}/images/{name}";

    private static async Task CopyAsync(string from, string to, CancellationToken cancel)
    {
        Directory.CreateDirectory(to);
        await Tool.RunAsync(cancel, "cp", "-a", "--reflink=auto", "--sparse=auto", from + "/.", to)
            .ConfigureAwait(false);
    }

    private Place PlaceOf(string instance) =>
        _places.TryGetValue(instance, out var place)
            ? place
            : throw new LabException($"There is no machine {instance}.");
}
