using Amazon.Runtime;
using Salvor.Errors;
using Salvor.ObjectStore;

namespace Salvor.Providers.S3;

/// <summary>What the service's answers say.</summary>
internal static class S3Answer
{
    /// <summary>The service's own refusal behind a failure; null where it never answered.</summary>
    public static AmazonServiceException? Of(SalvorException e) => e.InnerException as AmazonServiceException;

    public static ObjectInfo InfoOf(ObjectName name, long lengthBytes, DateTime? modified, string? tag) =>
        new(name, lengthBytes, TimeOf(modified), TagOf(tag));

    public static ObjectTag? TagOf(string? tag) => string.IsNullOrEmpty(tag) ? null : new ObjectTag(tag);

    private static DateTimeOffset TimeOf(DateTime? time) =>
        time is { } known ? new DateTimeOffset(known.ToUniversalTime()) : DateTimeOffset.UnixEpoch;
}
