using System.Globalization;
using System.Text;
using Salvor.Errors;
using Salvor.Platform;
using Salvor.Readiness.Protect.Machine;

namespace Salvor.Recovery.OnMachine;

/// <summary>The machine's processes, as /proc lists them.</summary>
/// <remarks>They come and go while one reads: one that is gone by then is not there.</remarks>
public sealed class ProcessTable(NodeFiles machine)
{
    public const string DirectoryPath = "/proc";

    /// <summary>What the kernel keeps of a process is far below this.</summary>
    private const int BytesMax = 4096;

    /// <summary>The processes of a name, by number; null where the table can't be read.</summary>
    public IReadOnlyList<int>? Named(string name)
    {
        try
        {
            return
            [
                .. machine.FileSystem.List(machine.PathOf(DirectoryPath)).Select(ToNumber).OfType<int>()
                    .Where(id => Read($"{id}/comm")?.TrimEnd('\n') == name),
            ];
        }
        catch (SalvorException)
        {
            return null;
        }
    }

    /// <summary>The threads of a process that wait for a device, and can't be ended before it answers.</summary>
    public IReadOnlyList<int> WaitingThreads(int id)
    {
        try
        {
            return
            [
                .. machine.FileSystem.List(machine.PathOf($"{DirectoryPath}/{id}/task")).Select(ToNumber).OfType<int>()
                    .Where(thread => Read($"{id}/task/{thread}/stat") is { } stat && StateOf(stat) == 'D'),
            ];
        }
        catch (SalvorException)
        {
            return [];
        }
    }

    private static int? ToNumber(string name) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>As in "7 (a name) with brackets) S 1 ...": the name may hold anything.</summary>
    private static char StateOf(string stat)
    {
        var end = stat.LastIndexOf(')');
        return end >= 0 && end + 2 < stat.Length ? stat[end + 2] : '?';
    }

    private string? Read(string path)
    {
        try
        {
            var place = machine.PathOf($"{DirectoryPath}/{path}");
            return SmallFile.TryRead(machine.FileSystem, place, BytesMax) is { } bytes
                ? Encoding.UTF8.GetString(bytes)
                : null;
        }
        catch (SalvorException)
        {
            return null;
        }
    }
}
