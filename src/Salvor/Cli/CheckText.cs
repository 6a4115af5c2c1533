using System.Text.Json;
using Salvor.Repository.Snapshots;

namespace Salvor.Cli;

/// <summary>Records of checks, as every command shows them.</summary>
internal static class CheckText
{
    /// <summary>As in "all, 2 h 5 min ago".</summary>
    public static string Describe(SnapshotCheck check, DateTimeOffset now)
    {
        var age = now > check.Checked ? now - check.Checked : TimeSpan.Zero;
        return $"{Depth(check)}, {ProgressText.Duration(age)} ago";
    }

    public static void WriteJson(Utf8JsonWriter json, SnapshotCheck check)
    {
        json.WriteString("depth", Depth(check));
        json.WriteBoolean("image", check.Image);
        json.WriteString("checked", check.Checked);
        json.WriteNumber("findings", check.Findings);
        json.WriteString("version", check.Version);
    }

    private static string Depth(SnapshotCheck check) =>
        JsonNamingPolicy.CamelCase.ConvertName(check.Depth.ToString());
}
