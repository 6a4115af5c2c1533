using System.Net;
using Salvor.Errors;

namespace Salvor.Providers.S3;

/// <summary>What the service's error codes mean to us. Services that are not AWS use the same names, mostly.</summary>
internal static class S3ErrorCodes
{
    /// <param name="code">The service's code; null or empty where the answer had no body.</param>
    /// <param name="status">The status of the answer.</param>
    public static ErrorCode Of(string? code, HttpStatusCode status) => code switch
    {
        "NoSuchBucket" => ErrorCode.StoreNotFound,
        "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "InvalidToken" or "InvalidClientTokenId" or "AuthFailure"
            or "ExpiredToken" or "ExpiredTokenException" or "TokenRefreshRequired" => ErrorCode.StoreCredentials,
        "RequestTimeTooSkewed" or "RequestExpired" => ErrorCode.ClockSkew,
        "AccessDenied" or "AllAccessDisabled" or "AccountProblem" => ErrorCode.StoreDenied,
        "QuotaExceeded" or "XMinioStorageFull" or "StorageFull" => ErrorCode.NoSpace,
        "NotImplemented" => ErrorCode.StoreRefused,
        "SlowDown" or "RequestTimeout" or "Throttling" or "ThrottlingException" or "RequestLimitExceeded"
            or "InternalError" or "ServiceUnavailable" => ErrorCode.StoreBusy,
        // Another change of the same object was under way: the next attempt meets its outcome.
        "OperationAborted" or "ConditionalRequestConflict" => ErrorCode.StoreBusy,
        _ => OfStatus(status),
    };

    /// <summary>What the user can do about it.</summary>
    public static string? HintOf(ErrorCode code, string? said, HttpStatusCode status) => (code, said) switch
    {
        (ErrorCode.StoreNotFound, _) =>
            "Check the bucket's name, the endpoint and the region; salvor does not make buckets.",
        (ErrorCode.StoreCredentials, "ExpiredToken" or "ExpiredTokenException" or "TokenRefreshRequired") =>
            "The session has expired; get new credentials, or use a role, which renews them by itself.",
        (ErrorCode.StoreCredentials, null) =>
            "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name a profile with --s3-profile, or give the machine "
                + "a role.",
        (ErrorCode.StoreCredentials, _) =>
            "Check the access key and its secret, and that they belong to this endpoint and region.",
        (ErrorCode.ClockSkew, _) => "This machine's clock is wrong; set it by NTP (timedatectl), then try again.",
        (ErrorCode.StoreDenied, _) =>
            "The policy of these credentials lacks a right; 'salvor repo probe' tells which.",
        (ErrorCode.NoSpace, _) => "Give the store more room, or keep less in it.",
        (ErrorCode.StoreBusy, _) => "The service is overloaded or failing; it usually passes.",
        (_, "NotImplemented") =>
            "The service lacks this part of S3; 'salvor repo probe' tells what it can be used for.",
        (_, "InvalidObjectState") =>
            "The object was moved to an archive class; restore it there, and keep such rules off this bucket.",
        (_, "PermanentRedirect" or "TemporaryRedirect" or "AuthorizationHeaderMalformed") =>
            "The bucket is in another region; name it with --s3-region.",
        _ when status is HttpStatusCode.MovedPermanently or HttpStatusCode.TemporaryRedirect =>
            "The bucket is in another region or at another endpoint.",
        _ => null,
    };

    private static ErrorCode OfStatus(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => ErrorCode.StoreCredentials,
        HttpStatusCode.Forbidden => ErrorCode.StoreDenied,
        HttpStatusCode.InsufficientStorage => ErrorCode.NoSpace,
        HttpStatusCode.NotImplemented => ErrorCode.StoreRefused,
        HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or HttpStatusCode.Conflict
            or >= HttpStatusCode.InternalServerError => ErrorCode.StoreBusy,
        _ => ErrorCode.StoreRefused,
    };
}
