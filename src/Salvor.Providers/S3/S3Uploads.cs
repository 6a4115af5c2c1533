using System.Buffers;
using Amazon.S3;
using Amazon.S3.Model;
using Salvor.Errors;
using Salvor.ObjectStore;

namespace Salvor.Providers.S3;

/// <summary>The ways up: in one request, or in parts that become one object with the last request.</summary>
internal sealed class S3Uploads(S3StoreOptions options, AmazonS3Client client, S3Requests requests)
{
    private const string AnyTag = "*";

    public async Task<PutResult> PutWholeAsync(
        string verb, string key, ReadOnlySequence<byte> content, PutCondition condition, CancellationToken ct)
    {
        using var body = new SequenceStream(content);
        var request = new PutObjectRequest
        {
            BucketName = options.Bucket,
            Key = key,
            InputStream = body,
            AutoCloseStream = false,
            AutoResetStreamPosition = false,
            UseChunkEncoding = false,
            ContentType = "application/octet-stream",
            IfNoneMatch = NoneMatchOf(condition),
            IfMatch = MatchOf(condition),
        };
        var response = await requests.RunAsync(verb, linked => client.PutObjectAsync(request, linked), ct);
        return PutResult.Stored(S3Answer.TagOf(response.ETag));
    }

    public async Task<PutResult> PutInPartsAsync(
        string verb, string key, ReadOnlySequence<byte> content, PutCondition condition, CancellationToken ct)
    {
        var begin = new InitiateMultipartUploadRequest
        {
            BucketName = options.Bucket,
            Key = key,
            ContentType = "application/octet-stream",
        };
        var upload = await requests.RunAsync(verb, linked => client.InitiateMultipartUploadAsync(begin, linked), ct);
        try
        {
            var complete = new CompleteMultipartUploadRequest
            {
                BucketName = options.Bucket,
                Key = key,
                UploadId = upload.UploadId,
                PartETags = await PutPartsAsync(verb, key, upload.UploadId, content, ct),
                IfNoneMatch = NoneMatchOf(condition),
                IfMatch = MatchOf(condition),
            };
            var response = await requests.RunAsync(
                verb, linked => client.CompleteMultipartUploadAsync(complete, linked), ct);
            return PutResult.Stored(S3Answer.TagOf(response.ETag));
        }
        catch (Exception e) when (e is SalvorException or OperationCanceledException)
        {
            await TryAbortAsync(key, upload.UploadId);
            throw;
        }
    }

    /// <summary>Gives up uploads that were begun before a time, and never completed.</summary>
    public async Task<int> AbortOlderAsync(string prefix, DateTimeOffset startedBefore, CancellationToken ct)
    {
        var aborted = 0;
        var request = new ListMultipartUploadsRequest { BucketName = options.Bucket, Prefix = prefix };
        ListMultipartUploadsResponse page;
        do
        {
            page = await requests.RunAsync(
                "list the unfinished uploads of", linked => client.ListMultipartUploadsAsync(request, linked), ct);
            foreach (var upload in page.MultipartUploads ?? [])
            {
                if (upload.Initiated is { } begun && begun.ToUniversalTime() < startedBefore.UtcDateTime)
                {
                    await AbortAsync(upload.Key, upload.UploadId, ct);
                    aborted++;
                }
            }

            request.KeyMarker = page.NextKeyMarker;
            request.UploadIdMarker = page.NextUploadIdMarker;
        }
        while (page.IsTruncated == true);
        return aborted;
    }

    private async Task<List<PartETag>> PutPartsAsync(
        string verb, string key, string uploadId, ReadOnlySequence<byte> content, CancellationToken ct)
    {
        var count = (int)((content.Length + options.PartBytes - 1) / options.PartBytes);
        var tags = new PartETag[count];
        using var places = new SemaphoreSlim(options.PartsAtOnceMax);
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(ct);
        async Task PutPartAsync(int index)
        {
            await places.WaitAsync(failed.Token);
            try
            {
                var offset = index * options.PartBytes;
                var length = Math.Min(options.PartBytes, content.Length - offset);
                using var body = new SequenceStream(content.Slice(offset, length));
                var part = new UploadPartRequest
                {
                    BucketName = options.Bucket,
                    Key = key,
                    UploadId = uploadId,
                    PartNumber = index + 1,
                    PartSize = length,
                    InputStream = body,
                    UseChunkEncoding = false,
                };
                var response = await requests.RunAsync(
                    verb, linked => client.UploadPartAsync(part, linked), failed.Token);
                tags[index] = new PartETag(index + 1, response.ETag);
            }
            catch
            {
                await failed.CancelAsync(); // The rest would be sent for nothing.
                throw;
            }
            finally
            {
                places.Release();
            }
        }

        await FirstFailureAsync([.. Enumerable.Range(0, count).Select(PutPartAsync)]);
        return [.. tags];
    }

    /// <summary>Waits for all, and throws what failed first and not what was given up because of it.</summary>
    private static async Task FirstFailureAsync(Task[] parts)
    {
        try
        {
            await Task.WhenAll(parts);
        }
        catch (OperationCanceledException)
        {
            var real = parts.FirstOrDefault(p => p.Exception?.InnerException is SalvorException);
            if (real is not null)
            {
                await real;
            }

            throw;
        }
    }

    private async Task TryAbortAsync(string key, string uploadId)
    {
        try
        {
            await AbortAsync(key, uploadId, CancellationToken.None); // Bounded by the request's own deadline.
        }
        catch (SalvorException)
        {
            // Its parts stay until housekeeping or the bucket's own rule removes them; what failed first is told.
        }
    }

    private Task<AbortMultipartUploadResponse> AbortAsync(string key, string uploadId, CancellationToken ct) =>
        requests.RunAsync(
            "give up an upload to",
            linked => client.AbortMultipartUploadAsync(options.Bucket, key, uploadId, linked),
            ct);

    private static string? NoneMatchOf(PutCondition condition) =>
        condition.Kind == PutConditionKind.IfAbsent ? AnyTag : null;

    private static string? MatchOf(PutCondition condition) =>
        condition.Kind == PutConditionKind.IfMatch ? condition.Tag.Value : null;
}
