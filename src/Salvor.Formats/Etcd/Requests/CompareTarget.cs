namespace Salvor.Formats.Etcd.Requests;

/// <summary>What of a key is compared.</summary>
public enum CompareTarget
{
    Version = 0,
    CreateRevision = 1,
    ModRevision = 2,
    Value = 3,
    Lease = 4,
}
