namespace Salvor.EtcdClient;

/// <summary>etcd's alarms, with etcd's numbers.</summary>
public enum EtcdAlarmKind
{
    None = 0,

    /// <summary>The database has reached its quota: writes are refused.</summary>
    NoSpace = 1,

    /// <summary>The member found its data to differ from the others'.</summary>
    Corrupt = 2,
}
