namespace Salvor.Errors;

/// <summary>Why something could not be done. Stable: logged, a metric label, and mapped to an exit code.</summary>
public enum ErrorCode
{
    /// <summary>A failure that has no code of its own; the message says all there is.</summary>
    Failed,

    /// <summary>The command line or the configuration asks for something that can't be.</summary>
    Usage,

    /// <summary>A part was done, and the message says what is missing.</summary>
    Partial,

    /// <summary>A file or directory that was named is not there.</summary>
    NotFound,

    /// <summary>The file is not of a kind that this command reads.</summary>
    WrongKind,

    /// <summary>The target already holds something, and nobody allowed to put it aside.</summary>
    TargetNotEmpty,

    /// <summary>A running etcd (or another Salvor) is using the directory.</summary>
    InUse,

    /// <summary>The operating system refused: permissions, or a read-only file system.</summary>
    AccessDenied,

    /// <summary>The disk is full, or would be.</summary>
    NoSpace,

    /// <summary>Reading or writing failed below us: the device, the file system.</summary>
    IoFailed,

    /// <summary>Stored bytes break their format's rules.</summary>
    Corrupt,

    /// <summary>No endpoint of etcd answered in time.</summary>
    EtcdUnreachable,

    /// <summary>TLS to etcd failed: the wrong CA, an expired certificate, a name that does not match.</summary>
    EtcdTls,

    /// <summary>etcd wants a user and password, or refused the ones given.</summary>
    EtcdAuth,

    /// <summary>etcd answered with an error.</summary>
    EtcdRefused,

    /// <summary>There is no repository at the place that was named.</summary>
    NoRepository,

    /// <summary>The key file or passphrase does not open the repository.</summary>
    WrongKey,

    /// <summary>A newer salvor made it, and this one can't read it.</summary>
    NewerFormat,

    /// <summary>The store of backups did not answer in time, or the connection broke.</summary>
    StoreUnreachable,

    /// <summary>TLS to the store failed: an unknown signer, an expired certificate, a wrong name.</summary>
    StoreTls,

    /// <summary>The store is overloaded or failing for a while.</summary>
    StoreBusy,

    /// <summary>The bucket is not there.</summary>
    StoreNotFound,

    /// <summary>There are no credentials for the store, or they are wrong or expired.</summary>
    StoreCredentials,

    /// <summary>The credentials are good, and their policy does not allow this.</summary>
    StoreDenied,

    /// <summary>The store answered with an error of another kind, or not as a store should.</summary>
    StoreRefused,

    /// <summary>The cloud did not answer in time, or the connection broke.</summary>
    CloudUnreachable,

    /// <summary>TLS to the cloud failed: an unknown signer, an expired certificate, a wrong name.</summary>
    CloudTls,

    /// <summary>The cloud asks for fewer calls, or fails for a while. It usually passes.</summary>
    CloudBusy,

    /// <summary>There are no credentials for the cloud, or they are wrong or expired.</summary>
    CloudCredentials,

    /// <summary>The credentials are good, and their policy does not allow this.</summary>
    CloudDenied,

    /// <summary>The cloud does not know an id, or not yet. It never proves that something is gone.</summary>
    CloudNotFound,

    /// <summary>The cloud has no room, or the account's quota is used up: the same order will fail again.</summary>
    CloudCapacity,

    /// <summary>The cloud answered with an error of another kind, or not as it should.</summary>
    CloudRefused,

    /// <summary>This machine's clock, or the other side's, is wrong.</summary>
    ClockSkew,

    /// <summary>The repository belongs to another cluster, or this one's history is not the one it holds.</summary>
    ForeignCluster,

    /// <summary>The user, or a signal, ended the work.</summary>
    Cancelled,
}
