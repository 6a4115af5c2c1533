namespace Salvor.EtcdClient;

/// <summary>Whether a call may be sent again after a failure that leaves open if it was carried out.</summary>
internal enum CallKind
{
    /// <summary>Changes nothing: it may be sent again.</summary>
    Read,

    /// <summary>May have been carried out although no answer came: it is sent once.</summary>
    Write,
}
