using Salvor.IntegrationTests.Support;
using Salvor.Platform;
using Salvor.Readiness.Protect.Machine;

namespace Salvor.IntegrationTests.Protect;

/// <summary>
/// The machine's own programs; systemd and udev, which know nothing of a root directory elsewhere, are played. One call
/// can fail, or never return because the power is cut.
/// </summary>
internal sealed class VolumePrograms(NodeFiles machine) : IProcessRunner
{
    private readonly OsProcessRunner _real = new();

    /// <summary>The calls that change something, in order.</summary>
    public List<string> Changes { get; } = [];

    /// <summary>Which change fails, counted from 1; 0 for none.</summary>
    public int FailAt { get; set; }

    /// <summary>Before which change the power is cut.</summary>
    public int CutAt { get; set; }

    public async Task<ProcessResult?> RunAsync(
        string program, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken ct)
    {
        if (program is "stat" or "blkid" or "cmp" or "findmnt")
        {
            return await _real.RunAsync(program, arguments, limit, ct);
        }

        Changes.Add($"{program} {string.Join(' ', arguments)}");
        if (Changes.Count == CutAt)
        {
            throw new PowerCutException();
        }

        return Changes.Count == FailAt
            ? new ProcessResult(1, "", "not today")
            : program switch
            {
                "systemctl" => arguments[0] == "start" ? await StartMountAsync(arguments[1], limit, ct) : Done,
                "udevadm" => await NameDevicesAsync(limit, ct),
                _ => await _real.RunAsync(program, arguments, limit, ct),
            };
    }

    private static ProcessResult Done => new(0, "", "");

    private async Task<ProcessResult?> StartMountAsync(string unit, TimeSpan limit, CancellationToken ct)
    {
        var settings = File.ReadLines(machine.PathOf($"/etc/systemd/system/{unit}"))
            .Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1]);
        var where = machine.PathOf(settings["Where"]);
        var isMounted = (await ToolProcess.RunAsync("mountpoint", ["-q", where])).ExitCode == 0;
        return isMounted
            ? Done
            : await _real.RunAsync(
                "mount", ["-o", settings["Options"], machine.PathOf(settings["What"]), where], limit, ct);
    }

    private async Task<ProcessResult> NameDevicesAsync(TimeSpan limit, CancellationToken ct)
    {
        var links = Directory.CreateDirectory(machine.PathOf("/dev/disk/by-uuid")).FullName;
        foreach (var device in Directory.GetFiles(machine.PathOf("/dev")))
        {
            var uuid = await _real.RunAsync(
                "blkid", ["--probe", "--match-tag", "UUID", "--output", "value", device], limit, ct);
            if (uuid is { ExitCode: 0 } && !File.Exists(Path.Combine(links, uuid.Output.Trim())))
            {
                File.CreateSymbolicLink(Path.Combine(links, uuid.Output.Trim()), device);
            }
        }

        return Done;
    }
}
