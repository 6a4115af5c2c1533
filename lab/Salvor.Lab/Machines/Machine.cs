using System.Diagnostics;
using Salvor.Lab.Host;

namespace Salvor.Lab.Machines;

/// <summary>A machine: a systemd of its own on a copy-on-write layer, in namespaces and a control group.</summary>
public sealed class Machine(LabPaths paths, MachineImage image, string id, string networkNamespace) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan BootPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ToolPatience = TimeSpan.FromMinutes(2);
    private readonly ControlGroups _groups = new($"{paths.ControlGroup}/{id}");
    private readonly Dictionary<string, string> _devices = [];
    // A fault and the cloud may switch at the same time.
    private readonly SemaphoreSlim _switch = new(1);
    private Process? _nspawn;

    public string Id => id;

    /// <summary>Its disk: <c>upper</c> has what it wrote over the shared root.</summary>
    public string Disk => $"{paths.Disks}/machines/{id}";

    public string Console => $"{Disk}/console.log";

    /// <summary>The process that is its init, or null when it is off. Another one after a reboot from within.</summary>
    public int? Init => _nspawn is { HasExited: false } process ? FindInit(process.Id) : null;

    public bool IsOn => Init is not null;

    public bool IsFrozen => _groups.IsFrozen;

    /// <summary>Devices that it has: the name in the machine, and the device here.</summary>
    public IReadOnlyDictionary<string, string> Devices => _devices;

    /// <summary>Writes a file onto the disk of a machine that is off.</summary>
    public void WriteWhileOff(string path, ReadOnlySpan<byte> content)
    {
        var file = Disk + "/upper" + path;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, content);
    }

    /// <summary>Deletes a file of a machine that is off and is no file of the shared root.</summary>
    public void DeleteWhileOff(string path) => File.Delete(Disk + "/upper" + path);

    /// <summary>Switches it on; returns when its init runs.</summary>
    public async Task PowerOnAsync(string hostName, CancellationToken cancel)
    {
        await _switch.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            await StartAsync(hostName, cancel).ConfigureAwait(false);
        }
        finally
        {
            _switch.Release();
        }
    }

    private async Task StartAsync(string hostName, CancellationToken cancel)
    {
        Directory.CreateDirectory($"{Disk}/containerd");
        _groups.Create();
        List<string> arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "start-machine"),
            image.Root, $"{paths.Run}/machines/{id}", Disk, $"{paths.ControlGroup}/{id}",
            $"--machine={hostName}", "--link-journal=no", $"--network-namespace-path={networkNamespace}",
            // On a plain disk, since overlayfs can't lie on overlayfs and copies of images would be slow.
            $"--bind={Disk}/containerd:/var/lib/containerd",
            $"--bind-ro={image.Kubernetes}:/opt/kubernetes", $"--bind-ro={image.ContainerImages}:/opt/images.tar",
            .. image.Salvor is { } salvor ? [$"--bind-ro={salvor}:/usr/local/bin/salvor"] : Array.Empty<string>(),
            .. _devices.Select(device => $"--bind={device.Value}:{device.Key}"),
        ];
        var process = new Process();
        process.StartInfo = new ProcessStartInfo(
            "setsid", ["--wait", "unshare", "--mount", "--propagation", "private", "bash", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        process.Start();
        process.StandardInput.Close();
        _ = CopyConsoleAsync(process.StandardOutput);
        _ = CopyConsoleAsync(process.StandardError);
        _nspawn = process;
        await WaitForInitAsync(process, cancel).ConfigureAwait(false);
    }

    /// <summary>Presses the power button.</summary>
    /// <returns>Whether the machine went down in time.</returns>
    public async Task<bool> ShutDownAsync(TimeSpan patience, CancellationToken cancel)
    {
        if (_nspawn is not { HasExited: false } process || Init is not { } init)
        {
            return true;
        }

        Signals.TrySend(init, Signals.PowerOff);
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timer.CancelAfter(patience);
        try
        {
            await process.WaitForExitAsync(timer.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }

        await PowerOffAsync(cancel).ConfigureAwait(false);
        return true;
    }

    /// <summary>Takes the power away.</summary>
    public async Task PowerOffAsync(CancellationToken cancel)
    {
        await _switch.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            await _groups.EndAsync(cancel).ConfigureAwait(false);
            if (_nspawn is { } process)
            {
                await process.WaitForExitAsync(cancel).ConfigureAwait(false);
                // Forgotten before it is disposed of: others ask meanwhile whether the machine is on.
                _nspawn = null;
                process.Dispose();
            }
        }
        finally
        {
            _switch.Release();
        }
    }

    /// <summary>Stops every process of the machine where it stands, init included, or lets them go on.</summary>
    public void Freeze(bool frozen) => _groups.Freeze(frozen);

    /// <summary>Runs a program in the machine.</summary>
    public Task<ToolResult> TryAsync(IEnumerable<string> command, CancellationToken cancel, TimeSpan? limit = null) =>
        Init is { } init
            ? Tool.TryAsync("nsenter", [.. EnterArguments(init), .. command], limit ?? ToolPatience, cancel)
            : throw new LabException($"{id} is off.");

    /// <summary>Runs a program in the machine and returns what it printed.</summary>
    /// <exception cref="LabException">It failed.</exception>
    public async Task<string> RunAsync(CancellationToken cancel, params string[] command)
    {
        var result = await TryAsync(command, cancel).ConfigureAwait(false);
        return result.Succeeded
            ? result.Output
            : throw new LabException(
                $"{id}: '{Start(string.Join(' ', command))}' ended with {result.Code}: {result.Error.Trim()}");
    }

    /// <summary>Runs a line of shell in the machine and returns what it printed.</summary>
    public Task<string> ShellAsync(string line, CancellationToken cancel) => RunAsync(cancel, Shell(line));

    /// <summary>Runs a line of shell in the machine and tells how it ended.</summary>
    public Task<ToolResult> TryShellAsync(string line, CancellationToken cancel, TimeSpan? limit = null) =>
        TryAsync(Shell(line), cancel, limit);

    public void Dispose() => _switch.Dispose();

    private static string[] Shell(string line) => [.. Environment, "bash", "-c", line];

    /// <summary>Enough of a command to know it again: some are whole scripts.</summary>
    private static string Start(string command) => command.Length <= 200 ? command : command[..200] + "...";

    /// <summary>The start of a command in the machine: where root finds its programs and the cluster.</summary>
    public static IReadOnlyList<string> Environment { get; } =
    [
        "env", "PATH=/opt/kubernetes:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root",
        "KUBECONFIG=/etc/kubernetes/admin.conf",
    ];

    /// <summary>What <c>nsenter</c> needs to be in the machine.</summary>
    public static IReadOnlyList<string> EnterArguments(int init) =>
        [$"--target={init}", "--mount", "--pid", "--net", "--ipc", "--uts", "--cgroup"];

    /// <summary>Gives the machine a device, at once and at every later start.</summary>
    public async Task AddDeviceAsync(string name, string device, CancellationToken cancel)
    {
        _devices[name] = device;
        if (IsOn)
        {
            var numbers = (await Tool.RunAsync(cancel, "stat", "--format=%t %T", device).ConfigureAwait(false))
                .Trim().Split(' ').Select(number => "0x" + number);
            await RunAsync(cancel, ["mknod", name, "b", .. numbers]).ConfigureAwait(false);
            await RunAsync(cancel, "/usr/local/sbin/lab-disks").ConfigureAwait(false);
        }
    }

    /// <summary>Takes the device's name away; what has it open keeps it.</summary>
    public async Task RemoveDeviceAsync(string name, CancellationToken cancel)
    {
        _devices.Remove(name);
        if (IsOn)
        {
            await TryAsync(["umount", "--lazy", name], cancel).ConfigureAwait(false);
            await TryAsync(["rm", "-f", name], cancel).ConfigureAwait(false);
            await TryAsync(["/usr/local/sbin/lab-disks"], cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Where the machine has a device mounted, or null.</summary>
    public async Task<string?> MountOfAsync(string name, CancellationToken cancel)
    {
        if (!IsOn || IsFrozen)
        {
            return null;
        }

        // By its source alone: after a start the device's own name is a mount too.
        var found = await TryAsync(
            ["findmnt", "--noheadings", "--output", "TARGET", "--first-only", "--source", name], cancel)
            .ConfigureAwait(false);
        return found.Succeeded ? found.Output.Trim() : null;
    }

    private static async Task WaitForInitAsync(Process process, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < BootPatience)
        {
            if (process.HasExited)
            {
                throw new LabException(
                    $"A machine did not start (exit code {process.ExitCode}); its console says why.");
            }

            if (FindInit(process.Id) is not null)
            {
                return;
            }

            await Task.Delay(Pause, cancel).ConfigureAwait(false);
        }

        throw new LabException("A machine's init did not run in time; its console says why.");
    }

    /// <summary>The descendant of a process that is process 1 of a namespace of its own.</summary>
    private static int? FindInit(int process)
    {
        try
        {
            foreach (var child in File.ReadAllText($"/proc/{process}/task/{process}/children")
                .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse))
            {
                var ids = File.ReadLines($"/proc/{child}/status")
                    .First(line => line.StartsWith("NSpid:", StringComparison.Ordinal))
                    .Split('\t', StringSplitOptions.RemoveEmptyEntries);
                var name = File.ReadAllText($"/proc/{child}/comm").Trim();
                if (ids.Length > 2 && ids[^1] == "1" && name is "systemd" or "init")
                {
                    return child;
                }

                if (FindInit(child) is { } deeper)
                {
                    return deeper;
                }
            }
        }
        catch (IOException)
        {
            // A process went while it was looked at.
        }

        return null;
    }

    private async Task CopyConsoleAsync(StreamReader from)
    {
        // Opened for each line: the log may be cut or read by anybody meanwhile.
        while (await from.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            lock (_devices)
            {
                File.AppendAllText(Console, line + "\n");
            }
        }
    }
}
