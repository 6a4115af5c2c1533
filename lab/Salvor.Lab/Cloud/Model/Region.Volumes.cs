using System.Collections.Immutable;

namespace Salvor.Lab.Cloud.Model;

/// <summary>Volumes and snapshots.</summary>
public sealed partial class Region
{
    private static readonly TimeSpan DiskDelay = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan SnapshotDelay = TimeSpan.FromSeconds(20);

    public Volume RequireVolume(string id) =>
        State.Volumes.GetValueOrDefault(id) ?? throw CloudException.NotFound("Volume", id);

    public void Update(Volume volume) => State = State with { Volumes = State.Volumes.SetItem(volume.Id, volume) };

    public Volume CreateVolume(string zone, int? sizeGiB, string? snapshot, ImmutableDictionary<string, string> tags)
    {
        CheckSnapshot(snapshot);
        var size = sizeGiB ?? (snapshot is null
            ? throw new CloudException("MissingParameter", "The request must contain the parameter size or snapshotId")
            : State.Snapshots[snapshot].SizeGiB);
        var volume = new Volume(NewId("vol"), ZoneOf(zone).Name, size, snapshot, time.Now) { Tags = tags };
        Update(volume);
        After(
            DiskDelay, volume.Id, (host, ct) => host.CreateVolumeAsync(volume.Id, size, snapshot, ct),
            done => Change(volume.Id, one => one with { State = done ? "available" : "error" }));
        return volume;
    }

    public void DeleteVolume(string id)
    {
        var volume = RequireVolume(id);
        if (volume.Attachment is { } attachment)
        {
            throw new CloudException("VolumeInUse", $"Volume {id} is currently attached to {attachment.Instance}");
        }

        Remove(volume);
    }

    public Attachment Attach(string id, string instanceId, string device)
    {
        var volume = RequireVolume(id);
        var instance = Require(instanceId);
        if (volume.Attachment is { } other)
        {
            throw new CloudException("VolumeInUse", $"{id} is already attached to an instance ({other.Instance})");
        }

        if (volume.State != "available")
        {
            throw new CloudException("IncorrectState", $"Volume '{id}' is not 'available' but '{volume.State}'.");
        }

        if (volume.Zone != instance.Zone)
        {
            throw new CloudException(
                "InvalidVolume.ZoneMismatch",
                $"The volume '{id}' is not in the same availability zone as instance '{instanceId}'");
        }

        if (instance.State is not (InstanceState.Running or InstanceState.Stopped))
        {
            throw new CloudException("IncorrectState", $"Instance '{instanceId}' is not 'running' or 'stopped'.");
        }

        if (State.Volumes.Values.Any(one => one.Attachment?.Instance == instanceId
            && one.Attachment.Device == device))
        {
            throw new CloudException(
                "InvalidParameterValue", $"Invalid value '{device}' for unixDevice. It is in use already.");
        }

        var attachment = new Attachment(instanceId, device, "attaching", false, time.Now);
        Update(volume with { State = "in-use", Attachment = attachment });
        After(
            DiskDelay, id, (host, ct) => host.AttachAsync(id, instanceId, device, ct),
            done => Change(id, one => done
                ? one with { Attachment = one.Attachment! with { State = "attached" } }
                : one with { State = "available", Attachment = null }));
        return attachment;
    }

    public Attachment Detach(string id, string? instanceId, bool force)
    {
        var volume = RequireVolume(id);
        if (volume.Attachment is not { } attachment || (instanceId ?? attachment.Instance) != attachment.Instance)
        {
            throw new CloudException("IncorrectState", $"Volume '{id}' is not attached to such an instance.");
        }

        if (volume.RootOf is not null)
        {
            throw Require(attachment.Instance).State == InstanceState.Stopped
                ? new CloudException("UnsupportedOperation", "The lab keeps a root disk with its machine.")
                : new CloudException("OperationNotPermitted", $"Unable to detach root volume '{id}' from a running "
                    + $"instance '{attachment.Instance}'");
        }

        Update(volume with { Attachment = attachment with { State = "detaching" } });
        TakeAway(id, attachment.Instance, force);
        return RequireVolume(id).Attachment!;
    }

    public Snapshot CreateSnapshot(string volumeId, string description, ImmutableDictionary<string, string> tags)
    {
        var volume = RequireVolume(volumeId);
        if (volume.State is not ("available" or "in-use"))
        {
            throw new CloudException("IncorrectState", $"Volume '{volumeId}' is in state '{volume.State}'.");
        }

        var id = NewId("snap");
        var snapshot = new Snapshot(id, volumeId, volume.SizeGiB, description, time.Now) { Tags = tags };
        State = State with { Snapshots = State.Snapshots.Add(id, snapshot) };

        // The content is that of the call; only its completion takes time.
        After(
            TimeSpan.Zero, volumeId, (host, ct) => host.CreateSnapshotAsync(id, volumeId, ct),
            done => After(SnapshotDelay, id, (_, _) => Task.CompletedTask, _ =>
            {
                if (State.Snapshots.TryGetValue(id, out var one))
                {
                    var next = one with { State = done ? "completed" : "error" };
                    State = State with { Snapshots = State.Snapshots.SetItem(id, next) };
                }
            }));
        return snapshot;
    }

    public void DeleteSnapshot(string id)
    {
        if (!State.Snapshots.ContainsKey(id))
        {
            throw CloudException.NotFound("Snapshot", id);
        }

        State = State with { Snapshots = State.Snapshots.Remove(id) };
        After(TimeSpan.Zero, id, (host, ct) => host.DeleteSnapshotAsync(id, ct), _ => { });
    }

    private void CheckSnapshot(string? id)
    {
        if (id is null)
        {
            return;
        }

        var snapshot = State.Snapshots.GetValueOrDefault(id) ?? throw CloudException.NotFound("Snapshot", id);
        if (snapshot.State != "completed")
        {
            throw new CloudException("IncorrectState", $"Snapshot '{id}' is not 'completed'.");
        }
    }

    private Volume NewDisk(DiskOrder disk, InstanceOrder order, string instance)
    {
        var volume = new Volume(NewId("vol"), order.Zone, disk.SizeGiB, disk.Snapshot, time.Now)
        {
            State = "in-use",
            Tags = order.VolumeTags,
            Attachment = new Attachment(instance, disk.Device, "attached", disk.DeleteOnTermination, time.Now),
        };
        Update(volume);
        return volume;
    }

    private void TakeAway(string id, string instance, bool force) => _effects.Add(new Effect(
        time.Now + time.Real(DiskDelay), id, false, (host, ct) => host.DetachAsync(id, instance, force, ct), gone =>
        {
            // A mounted volume stays busy until the machine lets go of it, or somebody forces it.
            if (State.Volumes.GetValueOrDefault(id) is not { Attachment: { } attachment } volume
                || attachment.Instance != instance)
            {
                return;
            }

            if (gone)
            {
                Update(volume with { State = "available", Attachment = null });
                return;
            }

            Update(volume with { Attachment = attachment with { State = "busy" } });
            TakeAway(id, instance, force);
        }));

    /// <summary>A terminated instance's volumes go with it, or become available.</summary>
    private void LeaveVolumes(string instance)
    {
        var keepsRoot = false;
        foreach (var volume in State.Volumes.Values.Where(one => one.Attachment?.Instance == instance).ToList())
        {
            if (volume.RootOf is null)
            {
                After(
                    TimeSpan.Zero, volume.Id,
                    (host, ct) => host.DetachAsync(volume.Id, instance, true, ct), _ => { });
            }

            if (!volume.Attachment!.DeleteOnTermination)
            {
                keepsRoot |= volume.RootOf is not null;
                Update(volume with { State = "available", Attachment = null });
            }
            else if (volume.RootOf is not null)
            {
                State = State with { Volumes = State.Volumes.Remove(volume.Id) };
            }
            else
            {
                Remove(volume);
            }
        }

        if (!keepsRoot)
        {
            After(DiskDelay, instance, (host, ct) => host.RemoveAsync(instance, ct), _ => { });
        }
    }

    private void Remove(Volume volume)
    {
        var id = volume.Id;
        Update(volume with { State = "deleting", Attachment = null });
        After(
            DiskDelay, id,
            (host, ct) => volume.RootOf is { } machine ? host.RemoveAsync(machine, ct) : host.DeleteVolumeAsync(id, ct),
            done => State = State with
            {
                Volumes = done
                    ? State.Volumes.Remove(id)
                    : State.Volumes.SetItem(id, RequireVolume(id) with { State = "error" }),
            });
    }

    private void Change(string id, Func<Volume, Volume> change)
    {
        if (State.Volumes.TryGetValue(id, out var volume))
        {
            Update(change(volume));
        }
    }
}
