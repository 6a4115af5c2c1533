using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Amazon.S3;
using Amazon.S3.Model;
using Salvor.Errors;
using Salvor.IntegrationTests.Support;
using Salvor.ObjectStore;
using Salvor.Platform.Linux;
using Salvor.Providers.S3;

namespace Salvor.IntegrationTests.ObjectStore;

/// <summary>What goes wrong between us and a bucket, and what is said of it.</summary>
public sealed class S3FailureTests(MotoFixture moto) : IClassFixture<MotoFixture>
{
    private static readonly ObjectName Name = new("packs/a");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Missing_bucket_is_told_by_every_call_and_is_never_an_empty_store()
    {
        using var store = Open("no-such-bucket", moto.Server.Endpoint);
        foreach (var error in await FailuresAsync(store))
        {
            Assert.Equal(ErrorCode.StoreNotFound, error.Code);
            Assert.False(error.IsTransient);
            Assert.Contains("s3://no-such-bucket", error.Message, StringComparison.Ordinal);
            Assert.NotNull(error.Hint);
        }
    }

    [Fact]
    public async Task Closed_port_is_unreachable_and_may_pass()
    {
        using var store = Open("bucket", new Uri($"http://127.0.0.1:{LoopbackPorts.Next()}"));
        foreach (var error in await FailuresAsync(store))
        {
            Assert.Equal(ErrorCode.StoreUnreachable, error.Code);
            Assert.True(error.IsTransient);
        }
    }

    [Fact]
    public async Task Silent_server_is_given_up_after_the_deadline()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var endpoint = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        using var store = Open("bucket", endpoint, TimeSpan.FromMilliseconds(300));
        var error = await Assert.ThrowsAsync<SalvorException>(() => store.HeadAsync(Name, Ct));

        Assert.Equal(ErrorCode.StoreUnreachable, error.Code);
        Assert.True(error.IsTransient);
        Assert.Contains("no answer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_server_behind_https_is_a_failure_of_tls()
    {
        var endpoint = new UriBuilder(moto.Server.Endpoint) { Scheme = "https" }.Uri;
        using var store = Open("bucket", endpoint);
        var error = await Assert.ThrowsAsync<SalvorException>(() => store.HeadAsync(Name, Ct));

        Assert.Equal(ErrorCode.StoreTls, error.Code);
        Assert.False(error.IsTransient);
    }

    [Fact]
    public async Task Unfinished_uploads_are_given_up_by_age_and_failed_ones_at_once()
    {
        var bucket = await moto.NewBucketAsync();
        using var store = Open(bucket, moto.Server.Endpoint);
        using var client = new AmazonS3Client(new AmazonS3Config
        {
            ServiceURL = moto.Server.Endpoint.AbsoluteUri,
            ForcePathStyle = true,
        });
        await client.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest { BucketName = bucket, Key = "one/packs/a" }, Ct);

        // moto says of every upload that it was begun in 2010.
        Assert.Equal(0, await store.RemoveAbandonedAsync(new DateTimeOffset(2010, 1, 1, 0, 0, 0, TimeSpan.Zero), Ct));
        Assert.Equal(1, await store.RemoveAbandonedAsync(DateTimeOffset.UtcNow.AddDays(1), Ct));

        await PutAsync(store, 12 << 20, PutCondition.None);
        var refused = await PutAsync(store, 12 << 20, PutCondition.IfAbsent);
        var left = await client.ListMultipartUploadsAsync(
            new ListMultipartUploadsRequest { BucketName = bucket }, Ct);
        Assert.True(refused.IsStored || left.MultipartUploads is null or { Count: 0 });
    }

    [Fact]
    public async Task Cancelling_is_no_failure_of_the_store()
    {
        using var cancel = new CancellationTokenSource();
        await cancel.CancelAsync();
        using var store = Open("bucket", moto.Server.Endpoint);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.HeadAsync(Name, cancel.Token));
    }

    private static async Task<List<SalvorException>> FailuresAsync(S3Store store) =>
    [
        await Assert.ThrowsAsync<SalvorException>(() => PutAsync(store, 1_000, PutCondition.None)),
        await Assert.ThrowsAsync<SalvorException>(() => PutAsync(store, 1_000, PutCondition.IfAbsent)),
        await Assert.ThrowsAsync<SalvorException>(() => PutAsync(store, 7 << 20, PutCondition.None)),
        await Assert.ThrowsAsync<SalvorException>(() => store.GetAsync(Name, null, 10, Ct)),
        await Assert.ThrowsAsync<SalvorException>(() => store.GetAsync(Name, new(1, 1), 1, Ct)),
        await Assert.ThrowsAsync<SalvorException>(() => store.HeadAsync(Name, Ct)),
        await Assert.ThrowsAsync<SalvorException>(() => store.DeleteAsync(Name, Ct)),
        await Assert.ThrowsAsync<SalvorException>(
            async () => await store.ListAsync("", null, Ct).ToListAsync(Ct)),
    ];

    private static Task<PutResult> PutAsync(S3Store store, int length, PutCondition condition) =>
        store.PutAsync(Name, new ReadOnlySequence<byte>(new byte[length]), condition, Ct);

    private static S3Store Open(string bucket, Uri endpoint, TimeSpan? timeout = null) => new(
        new S3StoreOptions
        {
            Bucket = bucket,
            Prefix = "one",
            Endpoint = endpoint,
            UsesPathStyle = true,
            PartBytes = 5 << 20,
            MultipartThresholdBytes = 6 << 20,
            RequestTimeout = timeout ?? TimeSpan.FromSeconds(30),
        },
        new LinuxFileSystem(),
        TimeProvider.System);
}
