using System.Globalization;
using Salvor.ObjectStore;
using Salvor.Repository.Log;

namespace Salvor.Repository;

/// <summary>Where in a repository each object lies.</summary>
public static class RepositoryNames
{
    public const string Timelines = "timelines/";

    /// <summary>Where prune plans lie.</summary>
    public const string Plans = "prune/";

    /// <summary>Where prune puts the objects by which it reads the store's clock.</summary>
    public const string Clocks = "clock/";

    public static ObjectName Plan(ObjectId id) => new($"{Plans}{id}");

    public static ObjectName Clock(ObjectId id) => new($"{Clocks}{id}");

    public static ObjectName Begin(TimelineId timeline) => new($"{Timelines}{timeline.Name}/begin");

    public static string Packs(TimelineId timeline) => $"{Timelines}{timeline.Name}/packs/";

    public static ObjectName Pack(TimelineId timeline, string pack) => new(Packs(timeline) + pack);

    /// <summary>The name of an attempt's pack, without its folder.</summary>
    public static string PackOf(ObjectId attempt, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{attempt}-{number:d6}");

    public static string Snapshots(TimelineId timeline) => $"{Timelines}{timeline.Name}/snapshots/";

    public static ObjectName Snapshot(TimelineId timeline, long revision, ObjectId id) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{Snapshots(timeline)}{revision:d20}-{id}"));

    public static string Log(TimelineId timeline) => $"{Timelines}{timeline.Name}/log/";

    /// <summary>The timeline and the segment of a segment's full name; false for any other name.</summary>
    public static bool TryParseSegment(string name, out TimelineId timeline, out SegmentName segment)
    {
        (timeline, segment) = (default, default);
        return name.Split('/') is ["timelines", var number, "log", var text]
            && TimelineId.TryParse(number, out timeline) && SegmentName.TryParse(text, out segment);
    }

    public static string Kits(TimelineId timeline) => $"{Timelines}{timeline.Name}/kits/";

    public static ObjectName Kit(TimelineId timeline, ObjectId id) => new(Kits(timeline) + id);

    public static string Checks(TimelineId timeline) => $"{Timelines}{timeline.Name}/checks/";

    /// <summary>A record of a check of a snapshot.</summary>
    public static ObjectName Check(TimelineId timeline, ObjectId snapshot, ObjectId id) =>
        new($"{Checks(timeline)}{snapshot}-{id}");

    /// <summary>Whether the text is a pack's name without its folder.</summary>
    public static bool IsPack(string text) =>
        text.Length == ObjectId.Length + 7
        && ObjectId.TryParse(text.AsSpan(0, ObjectId.Length), out _)
        && text[ObjectId.Length] == '-'
        && !text.AsSpan(ObjectId.Length + 1).ContainsAnyExceptInRange('0', '9');
}
