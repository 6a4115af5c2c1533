using System.Text.Json;
using Salvor.Restore.FromRepository;

namespace Salvor.Cli;

/// <summary>How backups go on after a restore out of a repository.</summary>
/// <param name="Timeline">What came of <c>--new-timeline</c>; null where it was not given.</param>
/// <param name="IsOwnDirectory">Whether the target is where the data of this machine's etcd is.</param>
internal sealed record AfterRestore(BegunTimeline? Timeline, bool IsOwnDirectory)
{
    public bool IsWhole => Timeline?.Fault is null;

    /// <summary>What to do next, in one line.</summary>
    private string NextStep => Timeline switch
    {
        { WayOut: { } wayOut } => wayOut,
        { } begun => $"start etcd: salvor stream and salvor backup go on in timeline {begun.Timeline}",
        null when IsOwnDirectory =>
            "start etcd, then run salvor backup --new-timeline once: its history is not the stored one",
        null => "where this etcd takes the old one's place, run salvor backup --new-timeline on it once",
    };

    public void Write(TextWriter output)
    {
        if (Timeline is { } timeline)
        {
            output.WriteLine(timeline.Fault is { } fault
                ? $"  timeline   {timeline.Timeline} was NOT begun: {fault}"
                : $"  timeline   {timeline.Timeline}, begun for this cluster");
        }

        output.WriteLine($"  next       {NextStep}");
    }

    public void Write(Utf8JsonWriter json)
    {
        if (Timeline is { } timeline)
        {
            json.WriteNumber("newTimeline", timeline.Timeline.Value);
            json.WriteString("newTimelineFault", timeline.Fault);
        }
    }
}
