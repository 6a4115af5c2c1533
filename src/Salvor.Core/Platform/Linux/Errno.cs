using System.Runtime.InteropServices;
using Salvor.Errors;

namespace Salvor.Platform.Linux;

/// <summary>Turns the kernel's error numbers into sentences with a way out.</summary>
internal static class Errno
{
    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int Interrupted = 4;
    public const int Io = 5;
    public const int AccessDenied = 13;
    public const int Exists = 17;
    public const int CrossDevice = 18;
    public const int NotDirectory = 20;
    public const int IsDirectory = 21;
    public const int Invalid = 22;
    public const int NoSpace = 28;
    public const int ReadOnly = 30;
    public const int TooManyLinks = 31;
    public const int NotImplemented = 38;
    public const int NotEmpty = 39;
    public const int NoData = 61;
    public const int NotSupported = 95;
    public const int QuotaExceeded = 122;

    /// <summary>The exception for the last failed call.</summary>
    /// <param name="verb">What was tried, as in "open".</param>
    /// <param name="path">On what.</param>
    public static SalvorException Last(string verb, string path) => From(Marshal.GetLastPInvokeError(), verb, path);

    public static SalvorException From(int errno, string verb, string path)
    {
        var message = $"Cannot {verb} {path}: {Marshal.GetPInvokeErrorMessage(errno)}.";
        return errno switch
        {
            NoEntry or NotDirectory => new SalvorException(ErrorCode.NotFound, message)
            {
                Hint = "Check the path; every directory above it must exist.",
            },
            NotPermitted or AccessDenied => new SalvorException(ErrorCode.AccessDenied, message)
            {
                Hint = "Run as root or as the owner of the files; etcd's data directory is readable by its owner only.",
            },
            ReadOnly => new SalvorException(ErrorCode.AccessDenied, message)
            {
                Hint = "The file system is mounted read-only; remount it writable, or name another target.",
            },
            NoSpace or QuotaExceeded => new SalvorException(ErrorCode.NoSpace, message)
            {
                Hint = "Free some space, or name a target on a larger file system.",
            },
            Exists or NotEmpty => new SalvorException(ErrorCode.TargetNotEmpty, message)
            {
                Hint = "Move it away first, or name another target; nothing is overwritten.",
            },
            _ => new SalvorException(ErrorCode.IoFailed, message)
            {
                Hint = "See the kernel's log (dmesg) for what the device or file system says.",
            },
        };
    }
}
