namespace Salvor.Lab.Host;

/// <summary>
/// Ends and removes everything of a lab: processes by its control group, mounts and loop devices by its directories,
/// network namespaces by its prefix. Nothing is looked for by a program's name.
/// </summary>
public static class Sweep
{
    public static async Task RunAsync(LabPaths paths, CancellationToken cancel)
    {
        foreach (var machine in Machines(paths))
        {
            await new ControlGroups($"{paths.ControlGroup}/{machine}").EndAsync(cancel).ConfigureAwait(false);
        }

        await new ControlGroups(paths.ControlGroup).EndAsync(cancel).ConfigureAwait(false);
        await Mounts.RemoveAsync(paths.Run, cancel).ConfigureAwait(false);
        await Mounts.RemoveAsync(paths.Disks, cancel).ConfigureAwait(false);
        foreach (var device in await LoopDevices.OfAsync(paths.Disks, cancel).ConfigureAwait(false))
        {
            await Tool.RunAsync(cancel, "losetup", "--detach", device).ConfigureAwait(false);
        }

        foreach (var name in Namespaces(paths))
        {
            await Tool.RunAsync(cancel, "ip", "netns", "delete", name).ConfigureAwait(false);
        }

        DeleteDirectory(paths.Run);
        DeleteDirectory(paths.Disks);
        foreach (var parent in Parents.Where(Directory.Exists))
        {
            DeleteIfEmpty(parent);
        }
    }

    /// <summary>What labs share. It goes with the last of them.</summary>
    public static IEnumerable<string> Parents =>
        LabPaths.Shared.Concat(ControlGroups.Hierarchies.Select(new ControlGroups(LabPaths.SharedControlGroup).In));

    /// <summary>What is left of a lab, as sentences; empty when nothing is.</summary>
    public static async Task<IReadOnlyList<string>> LeftoversAsync(LabPaths paths, CancellationToken cancel)
    {
        var groups = new ControlGroups(paths.ControlGroup);
        var devices = await LoopDevices.OfAsync(paths.Disks, cancel).ConfigureAwait(false);
        return
        [
            .. groups.Processes().Select(process => $"process {process}"),
            .. ControlGroups.Hierarchies.Select(groups.In).Where(Directory.Exists).Select(group => $"group {group}"),
            .. Mounts.Below(paths.Run).Concat(Mounts.Below(paths.Disks)).Select(point => $"mount {point}"),
            .. devices.Select(device => $"loop device {device}"),
            .. Namespaces(paths).Select(name => $"network namespace {name}"),
            .. new[] { paths.Run, paths.Disks }.Where(Directory.Exists).Select(directory => $"directory {directory}"),
        ];
    }

    private static IEnumerable<string> Machines(LabPaths paths)
    {
        var group = new ControlGroups(paths.ControlGroup).In("systemd");
        return Directory.Exists(group)
            ? [.. Directory.EnumerateDirectories(group).Select(directory => Path.GetFileName(directory)!)]
            : [];
    }

    private static IEnumerable<string> Namespaces(LabPaths paths) =>
        Directory.Exists("/run/netns")
            ? [.. Directory.EnumerateFiles("/run/netns", paths.NamespacePrefix + "*")
                .Select(file => Path.GetFileName(file)!)]
            : [];

    private static void DeleteIfEmpty(string directory)
    {
        try
        {
            Directory.Delete(directory);
        }
        catch (IOException)
        {
            // Another lab has something in it, or has just removed it.
        }
    }

    private static void DeleteDirectory(string directory)
    {
        // Never through a mount that is still there: what is mounted is not the lab's to delete.
        if (Mounts.Below(directory).Count > 0)
        {
            throw new LabException($"{directory} still has mounts: {string.Join(' ', Mounts.Below(directory))}.");
        }

        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
