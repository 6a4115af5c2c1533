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
    private readonly VolumeImages _volumes = new(paths);

    private sealed record Place(Machine Machine, MachineOrder Order, string HostName);

    /// <summary>A machine by its id.</summary>
    /// <exception cref="LabException">There is none.</exception>
    public Machine Find(string instance) => PlaceOf(instance).Machine;

    public IEnumerable<MachineOrder> Orders => _places.Values.Select(place => place.Order);

    /// <inheritdoc/>
    public async Task CreateAsync(MachineOrder order, CancellationToken cancel)
    {
        var zone = zones.ToList().IndexOf(order.Zone) + 1;
        await fabric.PlugInAsync(order.Instance, zone, order.PrivateAddress, cancel).ConfigureAwait(false);
        var machine = new Machine(paths, image, order.Instance, fabric.NamespaceOf(order.Instance));
        var name = order.Tags.TryGetValue("Name", out var tag) ? tag : order.Instance;
        machine.WriteWhileOff("/etc/hostname", System.Text.Encoding.ASCII.GetBytes(name + "\n"));
        if (!order.UserData.IsEmpty)
        {
            machine.WriteWhileOff("/var/lib/lab/user-data", order.UserData.Span);
        }

        _places[order.Instance] = new Place(machine, order, name);
    }

    /// <inheritdoc/>
    public Task PowerOnAsync(string instance, CancellationToken cancel) =>
        PlaceOf(instance) is var place ? place.Machine.PowerOnAsync(place.HostName, cancel) : Task.CompletedTask;

    /// <inheritdoc/>
    public Task<bool> ShutDownAsync(string instance, TimeSpan patience, CancellationToken cancel) =>
        Find(instance).ShutDownAsync(patience, cancel);

    /// <inheritdoc/>
    public async Task PowerOffAsync(string instance, CancellationToken cancel)
    {
        await Find(instance).PowerOffAsync(cancel).ConfigureAwait(false);
        // A machine that hung had its cable pulled; the next start has it again.
        await fabric.SetLinkAsync(instance, true, cancel).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(string instance, CancellationToken cancel)
    {
        var machine = Find(instance);
        await machine.PowerOffAsync(cancel).ConfigureAwait(false);
        await fabric.PullOutAsync(instance, cancel).ConfigureAwait(false);
        await Tool.RunAsync(cancel, "rm", "-rf", "--one-file-system", machine.Disk).ConfigureAwait(false);
        _places.TryRemove(instance, out _);
    }

    /// <inheritdoc/>
    public bool IsOn(string instance) => Find(instance).IsOn;

    /// <inheritdoc/>
    public async Task<bool> AnswersAsync(string instance, TimeSpan patience, CancellationToken cancel)
    {
        var place = PlaceOf(instance);
        return place.Machine is { IsOn: true, IsFrozen: false }
            && await fabric.AnswersAsync(place.Order.PrivateAddress, patience, cancel).ConfigureAwait(false);
    }

    /// <summary>A kernel that hangs: nothing runs, and nothing answers on the network.</summary>
    public async Task HangAsync(string instance, bool hung, CancellationToken cancel)
    {
        Find(instance).Freeze(hung);
        await fabric.SetLinkAsync(instance, !hung, cancel).ConfigureAwait(false);
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
        var after = instance is null ? null : PlaceOf(instance).Order.PrivateAddress;
        await fabric.RedirectAsync(address, before, after, cancel).ConfigureAwait(false);
        if (after is not null)
        {
            _addresses[address] = after;
        }
    }

    private Place PlaceOf(string instance) =>
        _places.TryGetValue(instance, out var place)
            ? place
            : throw new LabException($"There is no machine {instance}.");
}
