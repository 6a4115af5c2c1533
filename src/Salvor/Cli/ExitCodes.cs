using Salvor.Errors;
using Salvor.Formats;

namespace Salvor.Cli;

/// <summary>What the process answers to scripts. The numbers are documented and never change their meaning.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int Partial = 3;
    public const int TargetNotEmpty = 4;
    public const int NotFound = 5;
    public const int AccessDenied = 6;
    public const int NoSpace = 7;
    public const int WrongKind = 8;
    public const int IoFailed = 9;
    public const int NoRepository = 10;
    public const int InUse = 11;
    public const int WrongKey = 12;
    public const int EtcdUnreachable = 13;
    public const int EtcdAuth = 14;
    public const int EtcdRefused = 15;
    public const int StoreUnreachable = 16;
    public const int StoreDenied = 17;
    public const int StoreRefused = 18;
    public const int NewerFormat = 19;
    public const int ForeignCluster = 20;
    public const int ClockSkew = 21;
    public const int Differs = 22;
    public const int CloudUnreachable = 26;
    public const int CloudDenied = 27;
    public const int CloudCapacity = 28;
    public const int CloudRefused = 29;
    public const int Corrupt = 30;
    public const int Cancelled = 130;

    /// <summary>The table that help shows.</summary>
    public static readonly IReadOnlyList<string> Documentation =
    [
        "  0  done",
        "  1  failed",
        "  2  the command line can't be understood",
        "  3  done in part",
        "  4  the target is not empty",
        "  5  not found",
        "  6  access denied",
        "  7  no space left",
        "  8  the wrong kind of file",
        "  9  the disk or file system failed",
        " 10  no repository there",
        " 11  in use by a running etcd or salvor",
        " 12  the wrong key file or passphrase",
        " 13  etcd can't be reached, or TLS failed",
        " 14  etcd wants other credentials",
        " 15  etcd refused",
        " 16  the store can't be reached, is overloaded, or TLS failed",
        " 17  the store wants other credentials, or denies the right",
        " 18  the store refused",
        " 19  made by a newer salvor",
        " 20  the repository is another cluster's",
        " 21  a clock is wrong",
        " 22  something differs from what is wanted (protect --check)",
        " 26  the cloud can't be reached, is busy, or TLS failed",
        " 27  the cloud wants other credentials, or denies the right",
        " 28  the cloud has no capacity, or a quota is used up",
        " 29  the cloud refused",
        " 30  corrupt data",
        "130  cancelled",
    ];

    public static int Of(ErrorCode code) => code switch
    {
        ErrorCode.Failed => Failed,
        ErrorCode.Usage => Usage,
        ErrorCode.Partial => Partial,
        ErrorCode.TargetNotEmpty => TargetNotEmpty,
        ErrorCode.NotFound => NotFound,
        ErrorCode.AccessDenied => AccessDenied,
        ErrorCode.NoSpace => NoSpace,
        ErrorCode.WrongKind => WrongKind,
        ErrorCode.IoFailed => IoFailed,
        ErrorCode.InUse => InUse,
        ErrorCode.EtcdUnreachable or ErrorCode.EtcdTls => EtcdUnreachable,
        ErrorCode.EtcdAuth => EtcdAuth,
        ErrorCode.EtcdRefused => EtcdRefused,
        ErrorCode.NoRepository => NoRepository,
        ErrorCode.WrongKey => WrongKey,
        ErrorCode.ForeignCluster => ForeignCluster,
        ErrorCode.NewerFormat => NewerFormat,
        ErrorCode.StoreUnreachable or ErrorCode.StoreTls or ErrorCode.StoreBusy => StoreUnreachable,
        ErrorCode.StoreNotFound => NotFound,
        ErrorCode.StoreCredentials or ErrorCode.StoreDenied => StoreDenied,
        ErrorCode.StoreRefused => StoreRefused,
        ErrorCode.ClockSkew => ClockSkew,
        ErrorCode.CloudUnreachable or ErrorCode.CloudTls or ErrorCode.CloudBusy => CloudUnreachable,
        ErrorCode.CloudCredentials or ErrorCode.CloudDenied => CloudDenied,
        ErrorCode.CloudNotFound => NotFound,
        ErrorCode.CloudCapacity => CloudCapacity,
        ErrorCode.CloudRefused => CloudRefused,
        ErrorCode.Corrupt => Corrupt,
        ErrorCode.Cancelled => Cancelled,
        _ => Failed,
    };

    public static int Of(Exception exception) => exception switch
    {
        SalvorException e => Of(e.Code),
        CorruptDataException => Corrupt,
        OperationCanceledException => Cancelled,
        _ => Failed,
    };
}
