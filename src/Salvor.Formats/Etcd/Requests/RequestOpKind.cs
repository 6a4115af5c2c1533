namespace Salvor.Formats.Etcd.Requests;

/// <summary>What one operation of a transaction does.</summary>
public enum RequestOpKind
{
    /// <summary>Nothing: a message without a request in it.</summary>
    None = 0,
    Range = 1,
    Put = 2,
    DeleteRange = 3,
    Txn = 4,
}
