using System.Globalization;
using Salvor.ObjectStore;

namespace Salvor.Repository;

/// <summary>Where in a repository lies what guards and agents share. Prune and retention never touch it.</summary>
public static class RecoveryNames
{
    public const string Prefix = "recovery/";

    public const string Incidents = Prefix + "incidents/";

    public const string Timelines = Prefix + "timelines/";

    public const string Heartbeats = Prefix + "heartbeats/";

    public const string Observations = Prefix + "observations/";

    public const string Agents = Prefix + "agents/";

    public const string Gates = Prefix + "gate/";

    private const string TimeForm = "yyyyMMddHHmmssfff";

    /// <summary>Who may act on the cluster.</summary>
    public static ObjectName Lease { get; } = new(Prefix + "lease");

    /// <summary>Until when recoveries rest, since somebody works on the cluster.</summary>
    public static ObjectName Pause { get; } = new(Prefix + "pause");

    /// <summary>What a person has allowed, once.</summary>
    public static ObjectName Approval { get; } = new(Prefix + "approval");

    /// <summary>Which of the machine's cloud alarms a recovery has silenced.</summary>
    public static ObjectName Silenced { get; } = new(Prefix + "silenced");

    public static string Incident(IncidentId incident) => $"{Incidents}{incident.Name}/";

    /// <summary>One entry of an incident's journal; the first is 1.</summary>
    public static ObjectName Entry(IncidentId incident, int sequence) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{Incident(incident)}{sequence:d8}"));

    /// <summary>Who claims a timeline, or has made it active.</summary>
    public static ObjectName Claim(TimelineId timeline) => new(Timelines + timeline.Name);

    public static ObjectName Heartbeat(HolderId holder) => new(Heartbeats + holder.Value);

    /// <summary>What a guard sees from where it is.</summary>
    public static ObjectName Observation(HolderId guard) => new(Observations + guard.Value);

    /// <summary>
    /// An entry of what an agent did on its own machine: by its time, and a number that tells two apart.
    /// </summary>
    public static ObjectName AgentEntry(HolderId holder, DateTimeOffset at, int number)
    {
        var time = at.UtcDateTime.ToString(TimeForm, CultureInfo.InvariantCulture);
        return new(string.Create(CultureInfo.InvariantCulture, $"{Agents}{holder.Value}/{time}-{number % 10_000:d4}"));
    }

    /// <summary>What all entries of an agent's day, in UTC, begin with.</summary>
    public static string AgentEntriesOf(HolderId holder, DateOnly day) =>
        $"{Agents}{holder.Value}/{day.ToString("yyyyMMdd", CultureInfo.InvariantCulture)}";

    /// <summary>What the gate of a machine held back, or let pass against its reasons.</summary>
    public static ObjectName GateRecord(ObjectId id) => new($"{Gates}{id}");

    /// <summary>The incident and the sequence in an entry's name; false for any other name.</summary>
    public static bool TryParseEntry(string name, out IncidentId incident, out int sequence)
    {
        (incident, sequence) = (default, 0);
        if (!name.StartsWith(Incidents, StringComparison.Ordinal)
            || name[Incidents.Length..].Split('/') is not [var number, var entry]
            || !IncidentId.TryParse(number, out incident)
            || !IncidentId.TryParse(entry, out var place))
        {
            return false;
        }

        sequence = place.Value;
        return true;
    }

    /// <summary>Whether this is the name of an object that a repository may have under <see cref="Prefix"/>.</summary>
    public static bool IsKnown(string name) =>
        name == Lease.Value || name == Pause.Value || name == Approval.Value || name == Silenced.Value
        || TryParseEntry(name, out _, out _)
        || (name.StartsWith(Timelines, StringComparison.Ordinal)
            && TimelineId.TryParse(name.AsSpan(Timelines.Length), out _))
        || (name.StartsWith(Observations, StringComparison.Ordinal)
            && HolderId.TryParse(name[Observations.Length..], out _))
        || (name.StartsWith(Heartbeats, StringComparison.Ordinal)
            && HolderId.TryParse(name[Heartbeats.Length..], out _))
        || (name.StartsWith(Gates, StringComparison.Ordinal) && ObjectId.TryParse(name.AsSpan(Gates.Length), out _))
        || (name.StartsWith(Agents, StringComparison.Ordinal)
            && name[Agents.Length..].Split('/') is [var agent, var entry]
            && HolderId.TryParse(agent, out _)
            && entry.Split('-') is [var at, { Length: 4 } number]
            && DateTime.TryParseExact(at, TimeForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _));
}
