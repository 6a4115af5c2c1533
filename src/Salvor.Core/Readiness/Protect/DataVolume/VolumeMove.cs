using System.Globalization;
using Salvor.DataDirectory;
using Salvor.Errors;
using Salvor.Platform;
using Salvor.Readiness.Protect.Machine;
using Salvor.Verify;

namespace Salvor.Readiness.Protect.DataVolume;

/// <summary>Moves etcd's data onto a volume of its own, or leaves everything as it was.</summary>
/// <remarks>
/// Until the names change, nothing of the old directory has changed; after that it is whole beside its place, and one
/// rename brings it back. The one thing that is never rolled back is an etcd that took writes on the volume.
/// </remarks>
internal sealed class VolumeMove(
    VolumeWork work, EtcdPod pod, MoveJournal journal, MachinePrograms programs, string data)
{
    private const string StagingDirectory = "/var/lib/salvor/etcd-volume";
    private const string CopyName = ".salvor-copy";
    private const string UnusedPrefix = ".salvor-unused-";

    private const int ReleaseAttempts = 10;
    private static readonly TimeSpan ReleasePause = TimeSpan.FromMilliseconds(500);

    /// <summary>Beside the data: etcd's database grows when it is started and compacted.</summary>
    private const long FreeBytesMin = 256 << 20;

    private static readonly HashSet<string> OwnNames = ["lost+found", CopyName];

    private readonly NodeFiles _machine = work.Machine;
    private readonly IFileSystem _files = work.Machine.FileSystem;

    private string Data => _machine.PathOf(data);

    private string Staging => _machine.PathOf(StagingDirectory);

    private string Copy => Path.Combine(Staging, CopyName);

    private string Stamp =>
        work.Time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    public async Task RunAsync(string devicePath, CancellationToken ct)
    {
        await RequireWellAsync(ct);
        try
        {
            var device = new BlockDevice(_machine, work.Record, programs, devicePath);
            var volume = await PrepareAsync(device, ct);
            journal.Begin(devicePath, $"{data}.before-volume-{Stamp}");
            pod.TakeManifestAway();
            await pod.WaitUntilGoneAsync(data, ct);
            journal.Swap(await CopyAsync(devicePath, ct));
            await SwapAsync(volume, ct);
            journal.Start();
            await StartAsync(ct);
        }
        catch (Exception e) when (e is SalvorException or OperationCanceledException)
        {
            await RollBackAfterAsync(e);
            throw;
        }
    }

    /// <summary>Ends what an earlier run began: forward where etcd was started on the volume, else back.</summary>
    public async Task FinishAsync(CancellationToken ct)
    {
        if (journal.Step != MoveStep.Start)
        {
            await RollBackAsync();
            return;
        }

        try
        {
            await MountDataAsync(ct);
            await StartAsync(ct);
        }
        catch (Exception e) when (e is SalvorException or OperationCanceledException)
        {
            await RollBackAfterAsync(e);
            throw;
        }
    }

    private bool IsMounted(string place) => _files.Stat(place) is { } status
        && status.DeviceId != _files.Stat(Path.GetDirectoryName(place)!)!.DeviceId;

    /// <summary>
    /// Only an etcd that works is moved. It has time to become so: the interlock, which was perhaps just set up, has
    /// kubelet restart it.
    /// </summary>
    private async Task RequireWellAsync(CancellationToken ct)
    {
        try
        {
            await pod.WaitUntilHealthyAsync(ct);
        }
        catch (SalvorException e)
        {
            throw new SalvorException(e.Code, $"etcd is not well before the move: {e.Message}", e)
            {
                Hint = "See to it first: crictl ps -a --name etcd, crictl logs. Nothing was moved.",
            };
        }
    }

    /// <summary>All that can be found out while etcd runs: the volume is empty, and large enough.</summary>
    private async Task<FileSystemOnDevice> PrepareAsync(BlockDevice device, CancellationToken ct)
    {
        if (_files.Stat(Staging) is null)
        {
            _machine.EnsureDirectory(StagingDirectory);
        }

        await UnmountAsync(Staging, ct);
        var volume = await device.InspectAsync(ct) ?? await device.FormatAsync(work.Entropy, ct);
        await device.WaitForLinkAsync(volume, work.Time, ct);
        await programs.RunAsync("mount", ["-o", "noatime", _machine.PathOf(device.Path), Staging], ct);
        var foreign = _files.List(Staging)
            .FirstOrDefault(n => !OwnNames.Contains(n) && !n.StartsWith(UnusedPrefix, StringComparison.Ordinal));
        if (foreign is not null)
        {
            throw new SalvorException(ErrorCode.TargetNotEmpty, $"{device.Path} holds {foreign}.")
            {
                Hint = "Name a device that is blank, or whose file system is empty. Nothing was changed.",
            };
        }

        if (_files.Stat(Copy) is not null)
        {
            _files.DeleteOwnTree(Copy); // Of a run that was cut off.
        }

        var needed = VerifiedCopy.BytesOf(_files, Data) + FreeBytesMin;
        var free = _files.FreeBytes(Staging);
        return free >= needed ? volume : throw new SalvorException(ErrorCode.NoSpace,
            $"{device.Path} has {free >> 20} MiB free, and {needed >> 20} MiB are needed.")
        {
            Hint = "Name a larger device. Nothing was changed.",
        };
    }

    /// <returns>The keyspace's revision in the copy.</returns>
    private async Task<long> CopyAsync(string devicePath, CancellationToken ct)
    {
        var copy = new VerifiedCopy(_files, Data, Copy);
        copy.Write(ct);
        // What is read after a fresh mount comes from the device, and from no cache.
        await ReleaseAsync(Staging, ct);
        await programs.RunAsync("mount", ["-o", "noatime", _machine.PathOf(devicePath), Staging], ct);
        copy.Verify(ct);
        var report = await new Verification(_files, work.CpuPool, work.Time)
            .RunAsync(Copy, walDirectory: null, progress: null, ct);
        if (report.Findings.Errors > 0 || report.Database is not { } facts)
        {
            throw new SalvorException(ErrorCode.Corrupt,
                $"The data is damaged: {report.Findings.Errors} errors, the same in {data} and in its copy.")
            {
                Hint = $"Stop etcd and run salvor verify {data}; salvor salvage makes good data of it.",
            };
        }

        foreach (var name in _files.List(Copy))
        {
            _files.Rename(Path.Combine(Copy, name), Path.Combine(Staging, name));
        }

        _files.DeleteOwnEmptyDirectory(Copy);
        _files.CopyOwner(Data, Staging);
        _files.SetMode(Staging, _files.Stat(Data)!.Mode);
        _files.FlushDirectory(Staging);
        await ReleaseAsync(Staging, ct);
        return facts.Revision;
    }

    private async Task SwapAsync(FileSystemOnDevice volume, CancellationToken ct)
    {
        LiveEtcd.Refuse(_files, new MemberLayout(Data)); // Somebody may have put the manifest back during the copy.
        var aside = _machine.PathOf(journal.Aside);
        var mode = _files.Stat(Data)!.Mode;
        _files.Rename(Data, aside);
        _files.CreateDirectory(Data, mode);
        _files.CopyOwner(aside, Data);
        _files.FlushDirectory(Path.GetDirectoryName(Data)!);
        _machine.Write(MountUnit.PathOf(data), MountUnit.Text(volume, data));
        _machine.Write(MountUnit.DropInPath, MountUnit.DropIn(data));
        await programs.RunAsync("systemctl", ["daemon-reload"], ct);
        await programs.RunAsync("systemctl", ["enable", MountUnit.NameOf(data)], ct);
        await MountDataAsync(ct);
    }

    private async Task MountDataAsync(CancellationToken ct)
    {
        await programs.RunAsync("systemctl", ["start", MountUnit.NameOf(data)], ct);
        if (!IsMounted(Data) || _files.Stat(new MemberLayout(Data).Database) is null)
        {
            throw new SalvorException(ErrorCode.Failed,
                $"{MountUnit.NameOf(data)} was started, and {data} lacks its data.")
            {
                Hint = $"See systemctl status {MountUnit.NameOf(data)}.",
            };
        }
    }

    private async Task StartAsync(CancellationToken ct)
    {
        pod.PutManifestBack();
        await pod.WaitUntilHealthyAsync(ct);
        journal.End();
    }

    private async Task RollBackAfterAsync(Exception cause)
    {
        try
        {
            if (journal.Step is null)
            {
                await UnmountAsync(Staging, CancellationToken.None);
                return;
            }

            await RollBackAsync();
        }
        catch (SalvorException e)
        {
            var isBack = journal.Step is null;
            throw new SalvorException(ErrorCode.Failed,
                $"{cause.Message} {(isBack ? "It was rolled back, but" : "It is not rolled back")}: {e.Message}", cause)
            {
                Hint = isBack ? e.Hint : $"{e.Hint} Then run salvor protect again: it goes on from here.".TrimStart(),
            };
        }

        if (cause is SalvorException known)
        {
            throw new SalvorException(known.Code,
                $"{known.Message} It was rolled back: etcd's data is in {data} as before, and etcd runs.", cause)
            {
                Hint = known.Hint,
                IsTransient = known.IsTransient,
            };
        }
    }

    /// <summary>Not to be cancelled: half way back is no place to stay.</summary>
    private async Task RollBackAsync()
    {
        var ct = CancellationToken.None;
        var step = journal.Step;
        if (step == MoveStep.Start && !IsMounted(Data))
        {
            throw new SalvorException(ErrorCode.Failed,
                $"{journal.Device} is not mounted at {data}, so nobody can tell whether etcd took changes on it.")
            {
                Hint = $"Attach it and start {MountUnit.NameOf(data)}. If it is lost, {journal.Aside} is etcd's data "
                    + "as it was before.",
            };
        }

        if (step != MoveStep.Copy)
        {
            // Whatever holds the data now must let go of it before names change.
            pod.TakeManifestAway();
            await pod.WaitUntilGoneAsync(data, ct);
            await RefuseAfterWritesAsync(step, ct);
            await RemoveUnitsAsync(ct);
            await UnmountAsync(Data, ct);
        }

        await UnmountAsync(Staging, ct);
        if (step != MoveStep.Copy)
        {
            PutDataBack();
        }

        var device = journal.Device;
        pod.PutManifestBack();
        journal.End();
        await pod.WaitUntilHealthyAsync(ct);
        await PutCopyAsideAsync(device, ct);
    }

    private async Task RefuseAfterWritesAsync(MoveStep? step, CancellationToken ct)
    {
        if (step != MoveStep.Start)
        {
            return;
        }

        var report = await new Verification(_files, work.CpuPool, work.Time)
            .RunAsync(Data, walDirectory: null, progress: null, ct);
        if (report.Database?.Revision > journal.Revision)
        {
            pod.PutManifestBack();
            throw new SalvorException(ErrorCode.Failed,
                $"etcd took {report.Database.Revision - journal.Revision} changes on the volume, which {journal.Aside} "
                    + "does not have: its data stays on the volume.")
            {
                Hint = "See what keeps etcd from being well: crictl logs.",
            };
        }
    }

    private async Task RemoveUnitsAsync(CancellationToken ct)
    {
        // The drop-in first: kubelet must not be stopped with the mount.
        foreach (var path in (string[])[MountUnit.DropInPath, MountUnit.PathOf(data)])
        {
            if (_machine.TryRead(path) is null)
            {
                continue;
            }

            if (path != MountUnit.DropInPath)
            {
                await programs.AskAsync("systemctl", ["disable", MountUnit.NameOf(data)], ct);
            }

            _machine.DeleteOwn(path);
        }

        await programs.RunAsync("systemctl", ["daemon-reload"], ct);
    }

    private void PutDataBack()
    {
        var aside = _machine.PathOf(journal.Aside);
        if (_files.Stat(aside) is null)
        {
            return;
        }

        if (_files.Stat(Data) is not null)
        {
            _files.DeleteOwnEmptyDirectory(Data);
        }

        _files.Rename(aside, Data);
        _files.FlushDirectory(Path.GetDirectoryName(Data)!);
    }

    /// <summary>
    /// Unmounts. A mount that is busy is asked for again a few times: a process that was just being started holds what
    /// its parent had open for a moment.
    /// </summary>
    private async Task ReleaseAsync(string place, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var result = await programs.AskAsync("umount", [place], ct);
            if (result.ExitCode == 0)
            {
                return;
            }

            if (attempt == ReleaseAttempts || !result.Error.Contains("busy", StringComparison.Ordinal))
            {
                throw new SalvorException(
                    ErrorCode.Failed, $"'umount {place}' ended with {result.ExitCode}: {result.Error.Trim()}");
            }

            await Task.Delay(ReleasePause, work.Time, ct);
        }
    }

    private async Task UnmountAsync(string place, CancellationToken ct)
    {
        if (IsMounted(place))
        {
            await ReleaseAsync(place, ct);
        }
    }

    /// <summary>A copy that nobody took would look like somebody's data to the next run.</summary>
    private async Task PutCopyAsideAsync(string device, CancellationToken ct)
    {
        await programs.RunAsync("mount", ["-o", "noatime", _machine.PathOf(device), Staging], ct);
        var unused = Path.Combine(Staging, UnusedPrefix + Stamp);
        var names = _files.List(Staging).Where(n => !n.StartsWith('.') && !OwnNames.Contains(n)).ToList();
        if (names.Count > 0)
        {
            _files.CreateDirectory(unused, MemberLayout.DirectoryMode);
            names.ForEach(name => _files.Rename(Path.Combine(Staging, name), Path.Combine(unused, name)));
            _files.FlushDirectory(Staging);
        }

        await ReleaseAsync(Staging, ct);
    }
}
