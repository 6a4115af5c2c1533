using System.Buffers;
using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using Salvor.Errors;
using Salvor.ObjectStore;
using Salvor.Platform;

namespace Salvor.Providers.S3;

/// <summary>A store in a bucket of S3, or of a service that speaks its interface.</summary>
/// <remarks>
/// One call here is one attempt: what may pass is marked transient, and a decorator tries again. Tags are ETags.
/// Whether the service keeps the conditions of a put is for the probe to find out: some answer 200 and overwrite.
/// </remarks>
public sealed class S3Store : IObjectStore, IDisposable
{
    private readonly S3StoreOptions _options;
    private readonly AmazonS3Client _client;
    private readonly S3Requests _requests;
    private readonly S3Keys _keys;
    private readonly S3Uploads _uploads;

    /// <exception cref="SalvorException">A file can't be read, or the region is not known.</exception>
    public S3Store(S3StoreOptions options, IFileSystem files, TimeProvider time)
    {
        if (options.Validate() is [var fault, ..])
        {
            throw new ArgumentException(fault, nameof(options));
        }

        _options = options;
        Location = options.Prefix.Length == 0 ? $"s3://{options.Bucket}" : $"s3://{options.Bucket}/{options.Prefix}";
        _client = S3ClientFactory.Create(options, files);
        _requests = new S3Requests(Location, options.RequestTimeout, time);
        _keys = new S3Keys(options);
        _uploads = new S3Uploads(options, _client, _requests);
    }

    public string Location { get; }

    public async Task<PutResult> PutAsync(
        ObjectName name, ReadOnlySequence<byte> content, PutCondition condition, CancellationToken ct)
    {
        var verb = $"put {name} into";
        try
        {
            return content.Length > _options.MultipartThresholdBytes
                ? await _uploads.PutInPartsAsync(verb, _keys.Of(name), content, condition, ct)
                : await _uploads.PutWholeAsync(verb, _keys.Of(name), content, condition, ct);
        }
        catch (SalvorException e) when (IsConditionNotMet(e, condition))
        {
            return PutResult.ConditionNotMet;
        }
    }

    public async Task<ObjectContent?> GetAsync(
        ObjectName name, ObjectStore.ByteRange? range, int bytesMax, CancellationToken ct)
    {
        var request = new GetObjectRequest { BucketName = _options.Bucket, Key = _keys.Of(name) };
        if (range is { } part)
        {
            request.ByteRange = new Amazon.S3.Model.ByteRange(part.Offset, part.Offset + part.LengthBytes - 1);
        }

        try
        {
            return await _requests.RunAsync(
                $"get {name} from",
                async linked =>
                {
                    using var response = await _client.GetObjectAsync(request, linked);
                    return await S3Body.ReadAsync(response, Location, name, range, bytesMax, linked);
                },
                ct);
        }
        catch (SalvorException e) when (S3Answer.Of(e) is { ErrorCode: "NoSuchKey" })
        {
            return null;
        }
        catch (SalvorException e) when (S3Answer.Of(e) is { StatusCode: HttpStatusCode.RequestedRangeNotSatisfiable })
        {
            // The part lies past the end, or the object is empty.
            return await HeadAsync(name, ct) is { } info ? new ObjectContent([], 0, info.LengthBytes, info.Tag) : null;
        }
    }

    public async Task<ObjectInfo?> HeadAsync(ObjectName name, CancellationToken ct)
    {
        try
        {
            var request = new GetObjectMetadataRequest { BucketName = _options.Bucket, Key = _keys.Of(name) };
            var response = await _requests.RunAsync(
                $"look at {name} in", linked => _client.GetObjectMetadataAsync(request, linked), ct);
            return S3Answer.InfoOf(name, response.ContentLength, response.LastModified, response.ETag);
        }
        catch (SalvorException e) when (S3Answer.Of(e) is { StatusCode: HttpStatusCode.NotFound })
        {
            // An answer without a body: whether the object or the whole bucket is missing, only a get tells.
            using var content = await GetAsync(name, new ObjectStore.ByteRange(0, 1), bytesMax: 1, ct);
            return content is null ? null : throw AppearedMeanwhile(name, e);
        }
    }

    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken ct)
    {
        var last = startAfter ?? "";
        var request = new ListObjectsV2Request { BucketName = _options.Bucket, Prefix = _keys.OfPrefix(prefix) };
        if (startAfter is not null)
        {
            request.StartAfter = _keys.OfPrefix(startAfter);
        }

        do
        {
            var page = await _requests.RunAsync("list", linked => _client.ListObjectsV2Async(request, linked), ct);
            foreach (var item in page.S3Objects ?? [])
            {
                // Some services ignore where to start; none may be out of order, or callers would miss names.
                if (!_keys.TryParse(item.Key, out var name) || string.CompareOrdinal(name.Value, startAfter ?? "") <= 0)
                {
                    continue;
                }

                if (string.CompareOrdinal(name.Value, last) <= 0)
                {
                    throw new SalvorException(
                        ErrorCode.StoreRefused, $"{Location} lists {name} after {last}: its lists are out of order.")
                    {
                        Hint = "Directory buckets (S3 Express) do that; take an ordinary bucket.",
                    };
                }

                last = name.Value;
                yield return S3Answer.InfoOf(name, item.Size ?? 0, item.LastModified, item.ETag);
            }

            request.ContinuationToken = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (request.ContinuationToken is not null);
    }

    public Task DeleteAsync(ObjectName name, CancellationToken ct) => _requests.RunAsync(
        $"delete {name} from", linked => _client.DeleteObjectAsync(_options.Bucket, _keys.Of(name), linked), ct);

    public Task<int> RemoveAbandonedAsync(DateTimeOffset startedBefore, CancellationToken ct) =>
        _uploads.AbortOlderAsync(_keys.OfPrefix(""), startedBefore, ct);

    public void Dispose() => _client.Dispose();

    private SalvorException AppearedMeanwhile(ObjectName name, SalvorException e) =>
        new(ErrorCode.StoreBusy, $"{name} appeared in {Location} while it was looked at.", e) { IsTransient = true };

    private static bool IsConditionNotMet(SalvorException e, PutCondition condition) => S3Answer.Of(e) switch
    {
        { StatusCode: HttpStatusCode.PreconditionFailed } => condition.Kind != PutConditionKind.None,
        // There is nothing that could match.
        { StatusCode: HttpStatusCode.NotFound, ErrorCode: "NoSuchKey" } => condition.Kind == PutConditionKind.IfMatch,
        _ => false,
    };
}
