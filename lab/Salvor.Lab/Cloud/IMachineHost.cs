namespace Salvor.Lab.Cloud;

/// <summary>
/// What stands under the cloud's API: the machines and disks themselves. The API decides what is allowed and when;
/// a host only does it. Every call is for an id that the API gave out.
/// </summary>
public interface IMachineHost
{
    /// <summary>Makes a machine's disk and network place, without starting it.</summary>
    Task CreateAsync(MachineOrder order, CancellationToken cancel);

    /// <summary>Switches a machine on. Returns when its init runs.</summary>
    Task PowerOnAsync(string instance, CancellationToken cancel);

    /// <summary>Presses the power button and waits for the machine to go down by itself.</summary>
    /// <returns>Whether it did before the time was up; when not, it still runs.</returns>
    Task<bool> ShutDownAsync(string instance, TimeSpan patience, CancellationToken cancel);

    /// <summary>Takes the power away: nothing on the machine gets to say goodbye.</summary>
    Task PowerOffAsync(string instance, CancellationToken cancel);

    /// <summary>Removes a machine that is off, its root disk included.</summary>
    Task RemoveAsync(string instance, CancellationToken cancel);

    /// <summary>Whether its init runs (or would, were it not frozen).</summary>
    bool IsOn(string instance);

    /// <summary>The instance check: does the machine answer on its network, and does its init live?</summary>
    Task<bool> AnswersAsync(string instance, TimeSpan patience, CancellationToken cancel);

    /// <summary>Makes a volume, empty or from a snapshot.</summary>
    Task CreateVolumeAsync(string volume, int sizeGiB, string? snapshot, CancellationToken cancel);

    Task DeleteVolumeAsync(string volume, CancellationToken cancel);

    /// <summary>Gives a machine the volume as a device. A machine that is off finds it at its next start.</summary>
    Task AttachAsync(string volume, string instance, string device, CancellationToken cancel);

    /// <summary>Takes the volume away.</summary>
    /// <returns>False when the machine has it mounted and <paramref name="force"/> was not asked for; with it, the
    /// machine's writes fail from then on.</returns>
    Task<bool> DetachAsync(string volume, string instance, bool force, CancellationToken cancel);

    /// <summary>Keeps the volume's content as of now.</summary>
    Task CreateSnapshotAsync(string snapshot, string volume, CancellationToken cancel);

    Task DeleteSnapshotAsync(string snapshot, CancellationToken cancel);

    /// <summary>Lets an elastic address lead to a machine, or to none.</summary>
    Task MoveAddressAsync(string address, string? instance, CancellationToken cancel);
}
