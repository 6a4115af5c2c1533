namespace Salvor.Recovery.Gate;

/// <summary>A reason for which etcd is not to start. The names are told to programs, and do not change.</summary>
public enum GateConcern
{
    /// <summary>Nothing is mounted where the data's volume was.</summary>
    VolumeMissing,

    /// <summary>Another file system is mounted than the one on which etcd was well.</summary>
    OtherVolume,

    /// <summary>There is no data, and there should be some.</summary>
    DataMissing,

    /// <summary>The data is another cluster's, or another member's.</summary>
    DataForeign,

    /// <summary>The data is damaged, or a part of it is missing.</summary>
    DataTorn,

    /// <summary>The data can't be read.</summary>
    DataUnreadable,

    /// <summary>Another etcd took over: this one's history has ended.</summary>
    TimelineEnded,
}
