using System.Net;
using Salvor.Errors;

namespace Salvor.Providers.Aws;

/// <summary>What the error codes of EC2 and CloudWatch mean to us, and whether asking again may help.</summary>
internal static class AwsErrorCodes
{
    /// <param name="code">The service's code; null or empty where the answer had none.</param>
    /// <param name="said">The service's words.</param>
    /// <param name="status">The status of the answer.</param>
    public static ErrorCode Of(string? code, string? said, HttpStatusCode status) => code switch
    {
        // Capacity comes with a status of the server's own failures: no retry may eat the time for another type.
        "InsufficientInstanceCapacity" or "InsufficientHostCapacity" or "InsufficientReservedInstanceCapacity"
            or "InsufficientCapacity" or "InsufficientCapacityOnHost" or "InsufficientVolumeCapacity"
            or "InsufficientAddressCapacity" or "InsufficientFreeAddressesInSubnet" or "Unsupported"
            or "ReservationCapacityExceeded" or "MaxSpotInstanceCountExceeded" => ErrorCode.CloudCapacity,
        "RequestLimitExceeded" or "Throttling" or "ThrottlingException" or "ThrottledException"
            or "RequestThrottled" or "RequestThrottledException" or "TooManyRequestsException" or "SlowDown"
            or "EC2ThrottledException" or "PriorRequestNotComplete" or "TransactionInProgressException"
            or "InternalError" or "InternalFailure" or "InternalServiceError" or "InternalServiceFault"
            or "ServiceUnavailable" or "Unavailable" or "RequestTimeout" or "RequestTimeoutException"
            => ErrorCode.CloudBusy,
        "UnauthorizedOperation" or "AccessDenied" or "AccessDeniedException" or "OptInRequired" or "Blocked"
            or "PendingVerification" => ErrorCode.CloudDenied,
        "RequestExpired" or "RequestTimeTooSkewed" => ErrorCode.ClockSkew,
        "SignatureDoesNotMatch" when IsOfClock(said) => ErrorCode.ClockSkew,
        "AuthFailure" or "InvalidClientTokenId" or "UnrecognizedClientException" or "InvalidAccessKeyId"
            or "SignatureDoesNotMatch" or "IncompleteSignature" or "IncompleteSignatureException"
            or "InvalidSignatureException" or "MissingAuthenticationToken" or "MissingAuthenticationTokenException"
            or "ExpiredToken" or "ExpiredTokenException" or "InvalidSecurity" => ErrorCode.CloudCredentials,
        "ResourceNotFound" or "ResourceNotFoundException" => ErrorCode.CloudNotFound,
        { Length: > 0 } when IsQuota(code) => ErrorCode.CloudCapacity,
        // InvalidInstanceID.NotFound, InvalidVolume.NotFound. A malformed id is another error, and refused.
        { Length: > 0 } when code.EndsWith(".NotFound", StringComparison.Ordinal) => ErrorCode.CloudNotFound,
        { Length: > 0 } when (int)status is >= 400 and < 500 and not 429 => ErrorCode.CloudRefused,
        _ => OfStatus(status),
    };

    /// <summary>What the user can do about it.</summary>
    public static string? HintOf(ErrorCode code, string? said) => (code, said) switch
    {
        (ErrorCode.CloudBusy, _) => "The service asks for fewer calls, or fails for a while; it usually passes.",
        (ErrorCode.CloudCapacity, _) =>
            "The same order will fail again: take another type or zone, or raise the quota.",
        (ErrorCode.CloudCredentials, "ExpiredToken" or "ExpiredTokenException" or "RequestExpired") =>
            "The session has expired; get new credentials, or use a role, which renews them by itself.",
        (ErrorCode.CloudCredentials, _) =>
            "Check the access key and its secret, and that they belong to this part of AWS.",
        (ErrorCode.CloudDenied, _) => "The policy of these credentials lacks the right to this call.",
        (ErrorCode.CloudNotFound, _) =>
            "Check the id and the region. An id that was made moments ago may not be known yet; this is no proof that "
                + "anything is gone.",
        (ErrorCode.ClockSkew, _) => "This machine's clock is wrong; set it by NTP (timedatectl), then try again.",
        (ErrorCode.CloudRefused, "IncorrectInstanceState" or "IncorrectState" or "VolumeInUse"
            or "InvalidAttachment.NotFound") =>
            "It changed while this was under way; look again at what it is doing.",
        (ErrorCode.CloudRefused, "InvalidInstanceID.Malformed" or "InvalidParameterValue") =>
            "Check the id: a machine's is i- and 8 or 17 digits of 0-9 and a-f.",
        _ => null,
    };

    private static bool IsQuota(string code) =>
        code.EndsWith("LimitExceeded", StringComparison.Ordinal) || code is "LimitExceededException" or "LimitExceeded";

    private static bool IsOfClock(string? said) =>
        said is not null && (said.Contains("Signature expired", StringComparison.OrdinalIgnoreCase)
            || said.Contains("Signature not yet current", StringComparison.OrdinalIgnoreCase));

    private static ErrorCode OfStatus(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => ErrorCode.CloudCredentials,
        HttpStatusCode.Forbidden => ErrorCode.CloudDenied,
        HttpStatusCode.NotImplemented => ErrorCode.CloudRefused,
        HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout
            or >= HttpStatusCode.InternalServerError => ErrorCode.CloudBusy,
        _ => ErrorCode.CloudRefused,
    };
}
