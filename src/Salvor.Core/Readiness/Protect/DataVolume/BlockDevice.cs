using System.Globalization;
using Salvor.Errors;
using Salvor.Platform;
using Salvor.Readiness.Protect.Machine;

namespace Salvor.Readiness.Protect.DataVolume;

/// <summary>What is on a block device, and how a file system gets onto a blank one.</summary>
/// <remarks>
/// Only what is proved to be blank is ever formatted: no signature that blkid knows, and nothing but zeros where those
/// that it does not know would be.
/// </remarks>
internal sealed class BlockDevice(NodeFiles machine, ProtectionRecord record, MachinePrograms programs, string path)
{
    /// <summary>In the record while a device is being formatted: half of a file system is no content.</summary>
    private const string FormatItem = "etcd-volume-format";
    private const string Label = "salvor-etcd";
    private const int NothingFound = 2;
    private const int BlankBytes = 1 << 20;

    private static readonly TimeSpan LinkLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LinkPause = TimeSpan.FromMilliseconds(100);

    public string Path => path;

    /// <summary>The file system on it; null where it is blank.</summary>
    /// <exception cref="SalvorException">It is no block device, or holds what can't be used or judged.</exception>
    public async Task<FileSystemOnDevice?> InspectAsync(CancellationToken ct)
    {
        var place = machine.PathOf(path);
        if (machine.FileSystem.Stat(place) is null)
        {
            throw new SalvorException(ErrorCode.NotFound, $"There is no {place}.")
            {
                Hint = "lsblk lists the devices.",
            };
        }

        var kind = await programs.RunAsync("stat", ["--dereference", "--format=%F", place], ct);
        if (kind != "block special file")
        {
            throw Foreign($"is a {kind}, and no block device");
        }

        var probe = await programs.AskAsync("blkid", ["--probe", "--output", "export", place], ct);
        if (probe.ExitCode == NothingFound)
        {
            await RequireZerosAsync(place, ct);
            return null;
        }

        if (probe.ExitCode != 0)
        {
            throw Foreign($"holds something that blkid can't tell ({probe.ExitCode}: {probe.Error.Trim()})");
        }

        var tags = Tags(probe.Output);
        var uuid = tags.GetValueOrDefault("UUID");
        if (uuid is not null && record.Of(FormatItem).GetValueOrDefault(path) == uuid)
        {
            return null;
        }

        return uuid is not null && tags.GetValueOrDefault("TYPE") is "ext4" or "xfs"
            ? new FileSystemOnDevice(uuid!, tags["TYPE"])
            : throw Foreign("holds " + (tags.GetValueOrDefault("TYPE") is { } type ? $"a {type}" : "partitions")
                + ", where it must be blank, or an empty ext4 or xfs");
    }

    /// <summary>Makes a file system on a device that was seen to be blank.</summary>
    public async Task<FileSystemOnDevice> FormatAsync(IEntropy entropy, CancellationToken ct)
    {
        var bytes = new byte[16];
        entropy.Fill(bytes);
        var made = new FileSystemOnDevice(new Guid(bytes).ToString("D", CultureInfo.InvariantCulture), "ext4");
        record.Remember(FormatItem, [new(path, made.Uuid)]);
        await programs.RunAsync(
            "mkfs.ext4", ["-q", "-F", "-L", Label, "-U", made.Uuid, machine.PathOf(path)], ct);
        record.Forget(FormatItem);
        // udev names the device by it; where it is asked to, it has done so when this returns.
        await programs.AskAsync("udevadm", ["settle", "--timeout=30"], ct);
        return made;
    }

    /// <summary>
    /// Waits for the link by which a mount unit finds the file system. udev hears of a new one when the device is
    /// closed, which may be after settle has found nothing to wait for.
    /// </summary>
    public async Task WaitForLinkAsync(FileSystemOnDevice found, TimeProvider time, CancellationToken ct)
    {
        var start = time.GetTimestamp();
        while (machine.FileSystem.Stat(machine.PathOf(found.Link)) is null)
        {
            if (time.GetElapsedTime(start) > LinkLimit)
            {
                throw new SalvorException(ErrorCode.NotFound,
                    $"There is no {found.Link} for {path} after {LinkLimit.TotalSeconds} s.")
                {
                    Hint = "udev makes it, and the mount unit needs it: udevadm trigger. Nothing was moved.",
                };
            }

            await Task.Delay(LinkPause, time, ct);
        }
    }

    private static Dictionary<string, string> Tags(string output) => output.Split('\n')
        .Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2)
        .GroupBy(pair => pair[0]).ToDictionary(group => group.Key, group => group.First()[1].Trim());

    private async Task RequireZerosAsync(string place, CancellationToken ct)
    {
        var bytes = BlankBytes.ToString(CultureInfo.InvariantCulture);
        if ((await programs.AskAsync("cmp", ["--quiet", "--bytes", bytes, place, "/dev/zero"], ct)).ExitCode != 0)
        {
            throw Foreign("has no file system, and is not blank either");
        }
    }

    private SalvorException Foreign(string why) => new(ErrorCode.WrongKind, $"{path} {why}.")
    {
        Hint = $"Name another device. If nobody needs what is on this one, wipefs --all {path} and zeros in the "
            + "first MiB make it blank.",
    };
}
