using System.Text.RegularExpressions;

namespace Salvor.Tests.Tidy;

/// <summary>References between folders point one way.</summary>
public sealed partial class LayerTests
{
    /// <summary>A folder of src (by namespace, without "Salvor."), and those that it may use besides itself.</summary>
    private static readonly Dictionary<string, string> MayUse = new()
    {
        // Formats: pure bytes. The raft log and the page file know nothing of what etcd keeps in them.
        ["Formats"] = "",
        ["Formats.Bytes"] = "Formats",
        ["Formats.Checksums"] = "",
        ["Formats.Findings"] = "Formats",
        ["Formats.Protobuf"] = "Formats Formats.Bytes",
        ["Formats.Bbolt"] = "Formats Formats.Bytes Formats.Checksums Formats.Findings",
        ["Formats.Raft"] = "Formats Formats.Bytes Formats.Protobuf",
        ["Formats.RaftWal"] =
            "Formats Formats.Bytes Formats.Checksums Formats.Findings Formats.Protobuf Formats.Raft",
        ["Formats.Snap"] =
            "Formats Formats.Bytes Formats.Checksums Formats.Findings Formats.Protobuf Formats.Raft",
        ["Formats.Etcd"] =
            "Formats Formats.Bytes Formats.Checksums Formats.Findings Formats.Protobuf Formats.Bbolt Formats.Raft",

        // The engine. What speaks to a live etcd knows nothing of its files.
        ["Errors"] = "",
        ["Progress"] = "",
        ["Platform"] = "Errors Formats.Bytes",
        ["ObjectStore"] = "Errors Platform Formats.Bytes",
        ["Repository"] = "Errors Platform Progress ObjectStore Formats Formats.Bytes Formats.Checksums Formats.Protobuf",
        ["EtcdClient"] = "Errors Platform Progress Formats Formats.Bytes Formats.Protobuf",
        ["Node"] = "Errors Platform Repository EtcdClient Formats Formats.Bytes",
        ["DataDirectory"] = "Errors Platform Progress Formats.*",
        ["Verify"] = "Errors Platform Progress ObjectStore Repository DataDirectory Formats.*",
        ["Inspect"] = "Errors Platform Progress DataDirectory Verify Formats.*",
        ["Backup"] = "Errors Platform Progress ObjectStore Repository EtcdClient Node Formats.*",
        ["Restore"] = "Errors Platform Progress ObjectStore Repository DataDirectory Verify Node Formats.*",
        ["Cloud"] = "Errors",
        ["Salvage"] = "Errors Platform Progress DataDirectory Verify Restore Formats.*",

        ["Recovery"] =
            "Errors Platform Progress ObjectStore Repository EtcdClient Node DataDirectory Backup Restore Cloud "
            + "Readiness Formats.*",
        ["Readiness"] = "Errors Platform Node EtcdClient Cloud DataDirectory Verify Formats Formats.Bytes",

        // Adapters with vendors' code.
        ["Providers"] = "Errors Platform ObjectStore Cloud Formats.Bytes",

        // The executable may use everything, and nothing may use it.
        ["Cli"] = "*",
        ["Daemon"] = "*",
        ["Metrics"] = "Recovery",
        ["Web"] = "Errors Metrics",
        ["Configuration"] = "Errors Platform Node ObjectStore Providers Recovery Repository Formats.Bytes",
    };

    [Fact]
    public void Folders_use_only_what_is_below_them()
    {
        var offences = new Offences();
        foreach (var file in SourceTree.Code.Where(IsLayered))
        {
            var folder = LayerOf(NamespaceLine().Match(file.Text).Groups["name"].Value["Salvor.".Length..]);
            if (!MayUse.TryGetValue(folder, out var allowed))
            {
                offences.Add(file, $"is in {folder}, which has no line in {nameof(LayerTests)}");
                continue;
            }

            var others = Reference().Matches(file.Text).Select(match => LayerOf(match.Groups["name"].Value)).Distinct();
            foreach (var other in others.Where(other => other != folder && !IsAllowed(allowed, other)))
            {
                offences.Add(file, $"uses {other}, which {folder} may not");
            }
        }

        offences.ShouldBeNone();
    }

    private static bool IsLayered(SourceFile file) =>
        file.Path.StartsWith("src/", StringComparison.Ordinal)
        && NamespaceLine().Match(file.Text) is { Success: true } match
        && match.Groups["name"].Value != "Salvor";

    private static bool IsAllowed(string allowed, string other) => allowed.Split(' ').Any(
        name => name == other || name == "*"
            || (name == "Formats.*" && other.StartsWith("Formats", StringComparison.Ordinal)));

    /// <summary>"Formats.Bbolt" of Formats.Bbolt.Anything; "Platform" of Platform.Linux.</summary>
    private static string LayerOf(string name)
    {
        var parts = name.Split('.');
        return parts is ["Formats", _, ..] ? $"Formats.{parts[1]}" : parts[0];
    }

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    /// <summary>Namespaces only: "using Salvor.Platform;", and the folder in "Salvor.Platform.IFileSystem".</summary>
    [GeneratedRegex(@"^(global )?using (static )?(\w+ = )?Salvor\.(?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Reference();
}
