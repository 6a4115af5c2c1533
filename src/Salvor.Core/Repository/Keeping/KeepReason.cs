namespace Salvor.Repository.Keeping;

/// <summary>Why a snapshot is kept.</summary>
public enum KeepReason
{
    /// <summary>The newest verified snapshot of all.</summary>
    LastGood,

    /// <summary>The newest snapshot of its timeline's end, which the next one builds on.</summary>
    Newest,

    /// <summary>It can't be read, so nobody knows what it needs.</summary>
    Unreadable,

    /// <summary>No newer snapshot has been verified yet.</summary>
    NotCovered,

    /// <summary>One of the newest ones.</summary>
    Last,

    /// <summary>The newest one of its hour.</summary>
    Hourly,

    /// <summary>The newest one of its day.</summary>
    Daily,

    /// <summary>The newest one of its week.</summary>
    Weekly,

    /// <summary>The newest one of its month.</summary>
    Monthly,

    /// <summary>Restoring any revision of the continuous window begins with it.</summary>
    Window,

    /// <summary>A younger timeline has no verified snapshot of its own, and begins with this one.</summary>
    Fork,
}
