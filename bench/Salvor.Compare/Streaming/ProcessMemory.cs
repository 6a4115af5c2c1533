using System.Globalization;

namespace Salvor.Compare.Streaming;

/// <summary>A running program's memory, as the kernel counts it.</summary>
public readonly record struct ProcessMemory(long ResidentBytes, long PeakBytes)
{
    public static ProcessMemory Read(int processId)
    {
        var lines = File.ReadAllLines($"/proc/{processId}/status");
        return new ProcessMemory(Bytes(lines, "VmRSS:"), Bytes(lines, "VmHWM:"));
    }

    private static long Bytes(string[] lines, string name)
    {
        var line = lines.Single(line => line.StartsWith(name, StringComparison.Ordinal));
        var kibibytes = line[name.Length..].Replace("kB", "", StringComparison.Ordinal);
        return long.Parse(kibibytes.Trim(), CultureInfo.InvariantCulture) * 1024;
    }
}
