using System.Text.Json;
using Salvor.Backup;
using Salvor.Repository.Snapshots;

namespace Salvor.Cli;

/// <summary>Says what a snapshot into a repository came to.</summary>
internal static class SnapshotOutput
{
    public static void Write(Terminal terminal, SnapshotReport report, bool isJson)
    {
        var manifest = report.Manifest;
        if (isJson)
        {
            terminal.WriteJson(json =>
            {
                WriteManifest(json, manifest);
                json.WriteString("repository", report.Repository);
                json.WriteString("endpoint", report.Endpoint.GetLeftPart(UriPartial.Authority));
                json.WriteNumber("elapsedSeconds", Math.Round(report.Elapsed.TotalSeconds, 3));
                json.WriteNumber("pausedSeconds", Math.Round(report.Paused.TotalSeconds, 3));
            });
            return;
        }

        var pages = (manifest.ImageBytes + 4095) / 4096;
        var share = report.IsFirst ? "the first one, so all of it" : $"{manifest.ChangedPages} of {pages} pages";
        var output = terminal.Out;
        output.WriteLine($"Snapshot {manifest.Id} saved to {report.Repository}");
        output.WriteLine($"  revision {manifest.Revision} (history from {Math.Max(1, manifest.CompactRevision)} on), "
            + $"timeline {manifest.Timeline}");
        output.WriteLine($"  image    {ProgressText.Size(manifest.ImageBytes)}, sha256 {manifest.ImageSha256} "
            + "(as etcd sent it, checked)");
        output.WriteLine($"  stored   {ProgressText.Size(manifest.StoredBytes)} for {share}");
        output.WriteLine($"  kit      {KitText.Describe(manifest.Kit)}");
        output.WriteLine($"  from     etcd {manifest.Source.Version} at "
            + report.Endpoint.GetLeftPart(UriPartial.Authority));
        var paused = report.Paused > TimeSpan.Zero
            ? $", {ProgressText.Duration(report.Paused)} of it waiting, since etcd's disk was slow"
            : "";
        output.WriteLine($"  time     {ProgressText.Duration(report.Elapsed)}{paused}");
    }

    /// <summary>A snapshot's facts, as every command names them.</summary>
    public static void WriteManifest(Utf8JsonWriter json, SnapshotManifest manifest)
    {
        json.WriteString("snapshot", manifest.Id);
        json.WriteNumber("timeline", manifest.Timeline);
        json.WriteNumber("revision", manifest.Revision);
        json.WriteNumber("compactRevision", manifest.CompactRevision);
        json.WriteString("taken", manifest.Begun);
        json.WriteString("finished", manifest.Finished);
        json.WriteNumber("imageBytes", manifest.ImageBytes);
        json.WriteString("imageSha256", manifest.ImageSha256);
        json.WriteNumber("changedPages", manifest.ChangedPages);
        json.WriteNumber("storedBytes", manifest.StoredBytes);
        json.WriteNumber("packs", manifest.Packs.Length);
        json.WriteString("clusterId", manifest.Source.ClusterId);
        json.WriteString("memberId", manifest.Source.MemberId);
        json.WriteString("etcdVersion", manifest.Source.Version);
        KitText.WriteJson(json, manifest.Kit);
    }
}
