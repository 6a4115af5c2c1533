using Salvor.IntegrationTests.Repository;
using Salvor.IntegrationTests.Streaming;
using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.ObjectStore;

/// <summary>Answers of S3 that the emulation never gives, put in its mouth: what every command makes of them.</summary>
public sealed class S3AnswerTests(MotoFixture moto) : IClassFixture<MotoFixture>
{
    [Theory]
    [InlineData(400, "ExpiredToken", 17, "The session has expired")]
    [InlineData(400, "TokenRefreshRequired", 17, "The session has expired")]
    [InlineData(403, "RequestTimeTooSkewed", 21, "set it by NTP")]
    [InlineData(403, "AccessDenied", 17, "salvor repo probe")]
    [InlineData(301, "PermanentRedirect", 18, "--s3-region")]
    [InlineData(307, "TemporaryRedirect", 18, "--s3-region")]
    [InlineData(400, "AuthorizationHeaderMalformed", 18, "--s3-region")]
    [InlineData(404, "NoSuchBucket", 5, "salvor does not make buckets")]
    public async Task Each_answer_ends_every_command_with_a_sentence_a_hint_and_its_code(
        int status, string code, int exitCode, string hint)
    {
        var bucket = await moto.NewBucketAsync();
        await using var proxy = new StoreProxy(moto.Server.Endpoint);
        using var rig = new RepositoryRig($"s3://{bucket}/prod", proxy.Access);
        await using var etcd = await EtcdServer.StartAsync("sid");
        await rig.InitAsync();
        await rig.BackupAsync(etcd);
        var before = await moto.Server.ListKeysAsync(bucket);
        proxy.Decide = _ => new ProxyAction.Answer(status, code, "x-amz-bucket-region: eu-north-1\r\n");

        string[][] commands =
        [
            ["list"], ["status"], ["verify"], ["prune", "--yes"],
            ["backup", "--endpoints", etcd.Endpoint],
            ["stream", "--endpoints", etcd.Endpoint],
            ["restore", "--data-dir", rig["restored"]],
            ["init", "--config", rig["other.yaml"]],
        ];
        foreach (var command in commands)
        {
            var result = (await rig.RunAsync(command)).ShouldExitWith(exitCode);
            var said = result.Stdout + result.Stderr;
            Assert.Contains(code, said, StringComparison.Ordinal);
            Assert.Contains($"s3://{bucket}/prod", said, StringComparison.Ordinal);
            Assert.Contains(hint, said, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
        }

        Assert.Equal(before, await moto.Server.ListKeysAsync(bucket));
        Assert.False(Directory.Exists(rig["restored"]));
        Assert.False(File.Exists(rig["other.yaml"]));
    }

    [Theory]
    [InlineData(30)]
    [InlineData(70)]
    [InlineData(90)]
    [InlineData(99)]
    public async Task An_answer_that_breaks_off_is_asked_for_again_whatever_it_was_about_to_say(int percent)
    {
        var bucket = await moto.NewBucketAsync();
        await using var proxy = new StoreProxy(moto.Server.Endpoint);
        using var rig = new RepositoryRig($"s3://{bucket}/prod", proxy.Access);
        await using var etcd = await EtcdServer.StartAsync("sid");
        var seen = new HashSet<string>();
        proxy.Decide = request =>
        {
            lock (seen)
            {
                return seen.Add($"{request.Method} {request.Target}")
                    ? new ProxyAction.CutAnswer(percent)
                    : ProxyAction.Forward;
            }
        };

        await rig.InitAsync();
        await rig.BackupAsync(etcd);
        seen.Clear();
        (await rig.RunAsync(["verify"])).ShouldExitWith(0);
    }

    [Fact]
    public async Task A_session_that_expires_in_a_backup_leaves_no_snapshot_and_the_next_one_goes_on()
    {
        var bucket = await moto.NewBucketAsync();
        await using var proxy = new StoreProxy(moto.Server.Endpoint);
        using var rig = new RepositoryRig($"s3://{bucket}/prod", proxy.Access);
        await using var etcd = await EtcdServer.StartAsync("sid");
        await rig.InitAsync();
        await etcd.Etcdctl.PutAsync("k", "v");
        // From the first pack on: the snapshot is under way, and the manifest is to come.
        var isExpired = false;
        proxy.Decide = request =>
        {
            var answer = isExpired ? Expired : ProxyAction.Forward;
            isExpired |= request.Method == "PUT" && request.Target.Contains("/packs/", StringComparison.Ordinal);
            return answer;
        };

        var backup = (await rig.TryBackupAsync(etcd)).ShouldExitWith(17);

        Assert.Contains("The session has expired", backup.Stdout, StringComparison.Ordinal);
        var left = await moto.Server.ListKeysAsync(bucket);
        Assert.Contains(left, key => key.Contains("/packs/", StringComparison.Ordinal));
        Assert.DoesNotContain(left, key => key.Contains("/snapshots/", StringComparison.Ordinal));
        proxy.Decide = _ => ProxyAction.Forward;
        await rig.BackupAsync(etcd);
        (await rig.RunAsync(["verify"])).ShouldExitWith(0);
    }

    [Fact]
    public async Task A_session_that_expires_in_a_stream_ends_it_and_the_next_one_fills_the_log_without_a_gap()
    {
        var bucket = await moto.NewBucketAsync();
        await using var proxy = new StoreProxy(moto.Server.Endpoint);
        using var rig = new RepositoryRig($"s3://{bucket}/prod", proxy.Access);
        await using var etcd = await EtcdServer.StartAsync("sid");
        await rig.InitAsync();
        await rig.BackupAsync(etcd);
        await using (var stream = rig.StartStream(etcd))
        {
            await etcd.Etcdctl.PutAsync("a", "1");
            await StreamEvents.WaitUntilSafeAsync(stream, await etcd.Etcdctl.RevisionAsync());
            proxy.Decide = _ => Expired;
            await etcd.Etcdctl.PutAsync("b", "2");
            var ended = (await stream.FinishAsync()).ShouldExitWith(17);
            Assert.Contains("The session has expired", ended.Stdout + ended.Stderr, StringComparison.Ordinal);
        }

        proxy.Decide = _ => ProxyAction.Forward;
        await etcd.Etcdctl.PutAsync("c", "3");
        await using (var stream = rig.StartStream(etcd))
        {
            await StreamEvents.WaitUntilSafeAsync(stream, await etcd.Etcdctl.RevisionAsync());
            stream.SendTerminate();
            (await stream.FinishAsync()).ShouldExitWith(0);
        }

        await rig.RestoreAsync("restored", "--revision-bump", "0");
        await using var restored = await rig.BootAsync("sid", "restored");
        Assert.Equal(await etcd.Etcdctl.GetAllAsync(), await restored.Etcdctl.GetAllAsync());
    }

    [Fact]
    public async Task An_empty_place_is_no_repository_and_a_backup_leaves_it_empty()
    {
        var bucket = await moto.NewBucketAsync();
        using var rig = new RepositoryRig($"s3://{bucket}/prod", Access);
        await using var etcd = await EtcdServer.StartAsync("sid");
        await rig.InitAsync();
        using var empty = new RepositoryRig($"s3://{await moto.NewBucketAsync()}/prod", Access);
        File.Copy(rig.KeyFile, empty.KeyFile);

        await ShouldBeNoRepositoryAsync(empty, etcd);
    }

    [Fact]
    public async Task Another_programs_objects_are_neither_taken_for_a_repository_nor_mixed_with_one()
    {
        var bucket = await moto.NewBucketAsync();
        await moto.Server.PutObjectAsync(bucket, "prod/photos/cat.jpg", "meow");
        await moto.Server.PutObjectAsync(bucket, "prod/README", "Photos.");
        using var rig = new RepositoryRig($"s3://{bucket}/prod", Access);
        await using var etcd = await EtcdServer.StartAsync("sid");

        var init = (await rig.TryInitAsync()).ShouldExitWith(4);
        Assert.Contains("holds something else", init.Stdout, StringComparison.Ordinal);
        Assert.False(File.Exists(rig.KeyFile));
        using var other = new RepositoryRig($"s3://{bucket}/elsewhere", Access);
        await other.InitAsync();
        File.Copy(other.KeyFile, rig.KeyFile);
        var before = await moto.Server.ListKeysAsync(bucket);
        await ShouldBeNoRepositoryAsync(rig, etcd);

        Assert.Equal(before, await moto.Server.ListKeysAsync(bucket));
        await other.BackupAsync(etcd);
        (await other.RunAsync(["verify"])).ShouldExitWith(0);
    }

    private static ProxyAction Expired => new ProxyAction.Answer(400, "ExpiredToken");

    private string[] Access => ["--s3-endpoint", moto.Server.Endpoint.ToString(), "--s3-path-style"];

    private async Task ShouldBeNoRepositoryAsync(RepositoryRig rig, EtcdServer etcd)
    {
        var bucket = rig.Location.Split('/')[2];
        var before = await moto.Server.ListKeysAsync(bucket);
        var results = new[]
        {
            await rig.TryBackupAsync(etcd), await rig.ListAsync(), await rig.RunAsync(["prune", "--yes"]),
            await rig.RunAsync(["stream", "--endpoints", etcd.Endpoint]),
        };
        foreach (var result in results)
        {
            result.ShouldExitWith(10);
            Assert.Contains("salvor init", result.Stdout + result.Stderr, StringComparison.Ordinal);
        }

        Assert.Equal(before, await moto.Server.ListKeysAsync(bucket));
    }
}
