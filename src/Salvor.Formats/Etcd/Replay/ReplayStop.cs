namespace Salvor.Formats.Etcd.Replay;

/// <summary>Why a replay can't go past an entry without inventing data.</summary>
public enum ReplayStop
{
    /// <summary>The entry was taken.</summary>
    None,

    /// <summary>
    /// Authentication is on: whether etcd let the request in depends on users and roles at that moment.
    /// </summary>
    AuthEnabled,

    /// <summary>The request changes users or roles.</summary>
    AuthChanged,

    /// <summary>A request that this version of Salvor does not know.</summary>
    UnknownRequest,

    /// <summary>The entry's bytes are no request, although their checksum is right.</summary>
    MalformedRequest,

    /// <summary>The outcome depends on a value of the base that can't be read.</summary>
    BaseValueLost,

    /// <summary>The base is at the last revision that there can be, which no etcd ever reached.</summary>
    RevisionsExhausted,

    /// <summary>The entry is not the one after the last.</summary>
    OutOfOrder,
}
