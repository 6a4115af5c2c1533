using System.Buffers;
using System.Globalization;
using Amazon.S3.Model;
using Salvor.Errors;
using Salvor.ObjectStore;

namespace Salvor.Providers.S3;

/// <summary>Reads what a get answered, never more than was asked for.</summary>
internal static class S3Body
{
    public static async Task<ObjectContent> ReadAsync(
        GetObjectResponse response, string location, ObjectName name, ObjectStore.ByteRange? range, int bytesMax,
        CancellationToken ct)
    {
        var lengthBytes = response.ContentLength;
        if (lengthBytes > bytesMax)
        {
            throw StoreLimits.TooLong(location, name, lengthBytes, bytesMax);
        }

        var objectLengthBytes = TotalOf(response.ContentRange) ?? lengthBytes;
        if (range is { } part && part.ClampTo(objectLengthBytes) != lengthBytes)
        {
            throw new SalvorException(
                ErrorCode.StoreRefused, $"{location} was asked for a part of {name} and sent something else.")
            {
                Hint = "The service does not honour the Range header, which Salvor needs.",
            };
        }

        var buffer = ArrayPool<byte>.Shared.Rent((int)lengthBytes);
        try
        {
            await response.ResponseStream.ReadExactlyAsync(buffer.AsMemory(0, (int)lengthBytes), ct);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }

        return new ObjectContent(buffer, (int)lengthBytes, objectLengthBytes, S3Answer.TagOf(response.ETag));
    }

    /// <summary>The 1234 of "bytes 0-9/1234".</summary>
    private static long? TotalOf(string? contentRange) =>
        contentRange?.LastIndexOf('/') is { } slash and >= 0 && long.TryParse(
            contentRange.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var total)
            ? total
            : null;
}
