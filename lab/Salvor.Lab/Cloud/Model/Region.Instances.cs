namespace Salvor.Lab.Cloud.Model;

/// <summary>Instances and their states.</summary>
public sealed partial class Region
{
    public const string RootDevice = "/dev/xvda";

    private static readonly TimeSpan ForceAfter = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan RecordKept = TimeSpan.FromHours(1);

    /// <summary>The instance, or the refusal that EC2 gives for none.</summary>
    public Instance Require(string id) =>
        State.Instances.GetValueOrDefault(id) ?? throw CloudException.NotFound("InstanceID", id);

    public void Update(Instance instance) =>
        State = State with { Instances = State.Instances.SetItem(instance.Id, instance) };

    public Instance Run(InstanceOrder order)
    {
        CheckCapacity(order.Zone);
        foreach (var disk in order.Disks)
        {
            CheckSnapshot(disk.Snapshot);
        }

        var address = order.PrivateAddress ?? FreeAddress(order.Zone);
        if (State.Instances.Values.Any(
            one => one.PrivateAddress == address && one.State != InstanceState.Terminated))
        {
            throw new CloudException("InvalidIPAddress.InUse", $"Address {address} is in use.");
        }

        var id = NewId("i");
        var root = new Volume(NewId("vol"), order.Zone, 8, null, time.Now)
        {
            State = "in-use",
            RootOf = id,
            Tags = order.VolumeTags,
            Attachment = new Attachment(id, RootDevice, "attached", !order.KeepsRoot, time.Now),
        };
        State = State with { Volumes = State.Volumes.Add(root.Id, root) };
        Update(new Instance(id, order.Zone, address, time.Now)
        {
            ImageId = order.ImageId,
            InstanceType = order.InstanceType,
            Tags = order.Tags,
            UserData = order.UserData,
            DisableApiTermination = order.DisableApiTermination,
            DisableApiStop = order.DisableApiStop,
            TerminatesOnShutdown = order.TerminatesOnShutdown,
            AutoRecovery = order.AutoRecovery,
            RootVolume = root.Id,
            IsBusy = true,
        });
        var disks = order.Disks.Select(disk => NewDisk(disk, order, id)).ToList();
        var machine = new MachineOrder(
            id, order.Zone, address, Convert.FromBase64String(order.UserData), order.Tags)
        {
            Image = order.ImageId,
        };
        After(StateDelay, id, async (host, ct) =>
        {
            await host.CreateAsync(machine, ct);
            foreach (var disk in disks)
            {
                await host.CreateVolumeAsync(disk.Id, disk.SizeGiB, disk.Snapshot, ct);
                await host.AttachAsync(disk.Id, id, disk.Attachment!.Device, ct);
            }

            await host.PowerOnAsync(id, ct);
        }, done => Started(id, done));
        return Require(id);
    }

    public void Start(string id)
    {
        var instance = Require(id);
        if (instance.State is InstanceState.Running or InstanceState.Pending)
        {
            return;
        }

        if (instance.State != InstanceState.Stopped)
        {
            throw Incorrect(instance, "started");
        }

        CheckCapacity(instance.Zone);

        // A start finds a new host, so a failed one is left behind.
        Update(instance with
        {
            State = InstanceState.Pending,
            Reason = "",
            IsBusy = true,
            IsHostUp = true,
            Answers = null,
            ImpairedSince = null,
            LaunchTime = time.Now,
        });
        After(StateDelay, id, (host, ct) => host.PowerOnAsync(id, ct), done => Started(id, done));
    }

    public void Stop(string id, bool force, bool skipOsShutdown)
    {
        var instance = Require(id);
        if (instance.State is InstanceState.Stopped)
        {
            return;
        }

        if (instance.State is not (InstanceState.Running or InstanceState.Stopping))
        {
            throw Incorrect(instance, "stopped");
        }

        if (instance.DisableApiStop)
        {
            throw new CloudException(
                "OperationNotPermitted", $"The instance '{id}' may not be stopped: change its 'disableApiStop'.");
        }

        Update(instance with { State = InstanceState.Stopping, Reason = "User initiated" });
        PutOff(id, force, skipOsShutdown, Stopped);
    }

    public void Terminate(string id, bool skipOsShutdown)
    {
        var instance = Require(id);
        if (instance.State is InstanceState.Terminated or InstanceState.ShuttingDown)
        {
            return;
        }

        if (instance.DisableApiTermination)
        {
            throw new CloudException(
                "OperationNotPermitted",
                $"The instance '{id}' may not be terminated: change its 'disableApiTermination'.");
        }

        Update(instance with { State = InstanceState.ShuttingDown, Reason = "User initiated" });
        PutOff(id, force: true, skipOsShutdown, Terminated);
    }

    /// <summary>Asks for a reboot: by its own init when that obeys, else by its power.</summary>
    public void Reboot(string id)
    {
        var instance = Require(id);
        if (instance.State != InstanceState.Running)
        {
            throw Incorrect(instance, "rebooted");
        }

        if (!instance.IsHostUp)
        {
            return; // Nobody is there to do it.
        }

        Update(instance with { IsBusy = true });
        var patience = time.Real(ForceAfter);
        After(StateDelay, id, async (host, ct) =>
        {
            if (!await host.ShutDownAsync(id, patience, ct))
            {
                await host.PowerOffAsync(id, ct);
            }

            await host.PowerOnAsync(id, ct);
        }, _ => Again(id));
    }

    /// <summary>Moves an instance off its failed host; its id, addresses and volumes stay.</summary>
    public void Recover(string id)
    {
        var instance = Require(id);
        if (instance.State != InstanceState.Running || instance.IsHostUp || _full.Contains(instance.Zone))
        {
            return;
        }

        Update(instance with { IsBusy = true });
        After(StateDelay, id, (host, ct) => host.PowerOnAsync(id, ct), done =>
        {
            if (done)
            {
                Update(Require(id) with { IsHostUp = true });
            }

            Again(id);
        });
    }

    /// <summary>Its init ended by itself: it is stopped, or terminated, as it was ordered to be.</summary>
    public void WentDown(string id)
    {
        var instance = Require(id) with { Reason = "Client.InstanceInitiatedShutdown" };
        Update(instance with
        {
            State = instance.TerminatesOnShutdown ? InstanceState.ShuttingDown : InstanceState.Stopping,
        });
        PutOff(id, force: true, skipOsShutdown: true, instance.TerminatesOnShutdown ? Terminated : Stopped);
    }

    /// <summary>Forgets instances that were terminated an hour ago.</summary>
    public void Forget()
    {
        var old = State.Instances.Values.Where(one => one.TerminatedAt + time.Real(RecordKept) < time.Now)
            .Select(one => one.Id).ToList();
        if (old.Count > 0)
        {
            State = State with { Instances = State.Instances.RemoveRange(old) };
        }
    }

    private static CloudException Incorrect(Instance instance, string verb) => new(
        "IncorrectInstanceState",
        $"The instance '{instance.Id}' is not in a state from which it can be {verb}.");

    private void PutOff(string id, bool force, bool skipOsShutdown, Action<string> then)
    {
        // Force still asks politely at first. Only SkipOsShutdown cuts the power at once.
        var patience = time.Real(ForceAfter);
        _effects.Add(new Effect(time.Now + time.Real(StateDelay), id, true, async (host, ct) =>
        {
            if (Require(id).IsBusy)
            {
                return false; // A start under way would switch on again what is said to be off: it ends first.
            }

            if (!skipOsShutdown && host.IsOn(id) && await host.ShutDownAsync(id, patience, ct))
            {
                return true;
            }

            // Also after it went down by itself: its place on the network is still to be cleared.
            if (force || skipOsShutdown || !host.IsOn(id))
            {
                await host.PowerOffAsync(id, ct);
            }

            return !host.IsOn(id);
        }, off =>
        {
            if (off)
            {
                then(id);
            }
            else if (Require(id).State is InstanceState.Stopping or InstanceState.ShuttingDown)
            {
                PutOff(id, force, skipOsShutdown, then);
            }
        }));
    }

    private void Started(string id, bool done)
    {
        // Whoever terminated it meanwhile waits for the end of its start.
        var instance = Require(id) with { IsBusy = false };
        Update(instance.State != InstanceState.Pending ? instance : instance with
        {
            State = done ? InstanceState.Running : InstanceState.Stopped,
            Reason = done ? "" : "Server.InternalError",
        });
    }

    private void Again(string id)
    {
        var instance = Require(id);
        Update(instance with { IsBusy = false, Answers = null, ImpairedSince = null, LaunchTime = time.Now });
    }

    private void Stopped(string id)
    {
        var instance = Require(id);
        if (instance.State == InstanceState.Stopping)
        {
            Update(instance with { State = InstanceState.Stopped, IsBusy = false, Answers = null });
        }
    }

    private void Terminated(string id)
    {
        var instance = Require(id);
        if (instance.State == InstanceState.Terminated)
        {
            return;
        }

        Update(instance with { State = InstanceState.Terminated, IsBusy = false, TerminatedAt = time.Now });
        foreach (var address in State.Addresses.Values.Where(one => one.Instance == id).ToList())
        {
            Disassociate(address.Id);
        }

        LeaveVolumes(id);
    }

    private string FreeAddress(string zone)
    {
        var network = ZoneOf(zone).Network;
        var used = State.Instances.Values.Where(one => one.State != InstanceState.Terminated)
            .Select(one => one.PrivateAddress).ToHashSet();

        // The first four addresses of a subnet are the cloud's own; the lab uses no more than 200 after them.
        return Enumerable.Range(10, 200).Select(offset => AddressAt(network, offset).ToString())
            .FirstOrDefault(address => !used.Contains(address))
            ?? throw new CloudException("InsufficientFreeAddressesInSubnet", "The subnet has no free address.");
    }
}
