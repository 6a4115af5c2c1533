namespace Salvor.Recovery.Gate;

/// <summary>What a data directory looks like at a glance.</summary>
public enum DataState
{
    /// <summary>It was not looked at.</summary>
    Unseen,

    /// <summary>Database, log and snap file are there and agree, as far as a glance tells.</summary>
    Good,

    /// <summary>There is no member: no directory, an empty one, or what a refused start leaves.</summary>
    Empty,

    /// <summary>It is whole, and another cluster's or member's than the machine's stamp says.</summary>
    Foreign,

    /// <summary>There is a member, and something of it is missing or damaged.</summary>
    Torn,

    /// <summary>It could not be read, or not in time.</summary>
    Unreadable,
}
