using Salvor.IntegrationTests.Repository;
using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.ObjectStore;

/// <summary>An emulation that checks signatures and policies, and users who lack something.</summary>
public sealed class S3RightsTests : IAsyncLifetime
{
    private const string Put = "s3:PutObject";
    private const string Get = "s3:GetObject";
    private const string List = "s3:ListBucket";
    private const string Delete = "s3:DeleteObject";
    private const string Bucket = "rights";

    private static readonly string[] All =
        [Put, Get, List, Delete, "s3:AbortMultipartUpload", "s3:ListBucketMultipartUploads"];

    private MotoServer? _moto;
    private RepositoryRig? _rig;

    private MotoServer Moto => _moto!;

    private RepositoryRig Rig => _rig!;

    public async ValueTask InitializeAsync()
    {
        _moto = await MotoServer.StartAsync();
        await _moto.CreateBucketAsync(Bucket);
        _rig = new RepositoryRig(
            $"s3://{Bucket}/prod", "--s3-endpoint", _moto.Endpoint.ToString(), "--s3-path-style");
    }

    public async ValueTask DisposeAsync()
    {
        _rig?.Dispose();
        await Moto.DisposeAsync();
    }

    [Fact]
    public async Task A_users_signature_is_right_in_every_kind_of_request()
    {
        await ActAsAsync(All);
        await using var etcd = await EtcdServer.StartAsync("sid");
        await Rig.InitAsync();
        await Rig.BackupAsync(etcd);
        (await Rig.RunAsync(["verify"])).ShouldExitWith(0);
        (await Rig.RunAsync(["prune", "--yes"])).ShouldExitWith(0);
        (await ProbeAsync()).ShouldExitWith(0);
    }

    [Theory]
    [InlineData("AKIANOBODYHASTHISKEY", null, "InvalidAccessKeyId")]
    [InlineData(null, "not-the-secret", "SignatureDoesNotMatch")]
    public async Task Wrong_credentials_are_told_apart_and_nothing_is_written(
        string? keyId, string? secret, string said)
    {
        var (goodId, goodSecret) = await Moto.CreateUserAsync("someone", All);
        await Moto.DemandRightsAsync();
        Use(keyId ?? goodId, secret ?? goodSecret);

        foreach (var result in (ToolResult[])[await Rig.TryInitAsync(), await ProbeAsync()])
        {
            result.ShouldExitWith(17);
            Assert.Contains(said, result.Stdout + result.Stderr, StringComparison.Ordinal);
            Assert.Contains("Check the access key and its secret", result.Stdout + result.Stderr,
                StringComparison.Ordinal);
        }

        Assert.Empty(await KeysAsync());
        Assert.False(File.Exists(Rig.KeyFile));
    }

    [Theory]
    [InlineData(Put, "put")]
    [InlineData(Get, "get")]
    [InlineData(List, "list")]
    public async Task A_writer_who_lacks_a_right_is_told_so_by_the_command_and_which_by_the_probe(
        string right, string check)
    {
        await using var etcd = await EtcdServer.StartAsync("sid");
        await Rig.InitAsync();
        await Rig.BackupAsync(etcd);
        var before = await KeysAsync();
        await ActAsAsync([.. All.Where(a => a != right)]);
        await etcd.Etcdctl.PutAsync("k", "v");

        var backup = (await Rig.TryBackupAsync(etcd)).ShouldExitWith(17);
        Assert.Contains("AccessDenied", backup.Stdout, StringComparison.Ordinal);
        Assert.Contains("salvor repo probe", backup.Stdout, StringComparison.Ordinal);
        var failed = (await ProbeAsync()).ShouldExitWith(17).Json().GetProperty("checks").EnumerateArray()
            .Where(c => c.GetProperty("outcome").GetString() is not "passed")
            .Select(c => c.GetProperty("name").GetString());

        Assert.Contains(check, failed);
        await Moto.ForgoRightsAsync();
        Assert.Equal(before, (await KeysAsync()).Where(k => !k.Contains("probe", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Without_the_right_to_delete_all_goes_on_but_prune()
    {
        await ActAsAsync([.. All.Where(a => a != Delete)]);
        await using var etcd = await EtcdServer.StartAsync("sid");
        await Rig.InitAsync();
        await Rig.BackupAsync(etcd);
        (await Rig.RunAsync(["verify"])).ShouldExitWith(0);
        await Rig.RestoreAsync("restored");

        var pruned = (await Rig.RunAsync(["prune", "--yes"])).ShouldExitWith(17);
        Assert.Contains("delete", pruned.Stdout, StringComparison.Ordinal);
        (await ProbeAsync()).ShouldExitWith(0);
    }

    [Fact]
    public async Task A_reader_restores_and_can_not_write()
    {
        await using var etcd = await EtcdServer.StartAsync("sid");
        await Rig.InitAsync();
        await Rig.BackupAsync(etcd);
        await ActAsAsync(Get, List);

        await Rig.RestoreAsync("restored");
        (await Rig.TryBackupAsync(etcd)).ShouldExitWith(17);
    }

    private async Task ActAsAsync(params string[] actions)
    {
        var (keyId, secret) = await Moto.CreateUserAsync("someone", actions);
        await Moto.DemandRightsAsync();
        Use(keyId, secret);
    }

    private void Use(string keyId, string secret) =>
        Rig.Environment = [.. AwsVariables.None, ("AWS_ACCESS_KEY_ID", keyId), ("AWS_SECRET_ACCESS_KEY", secret)];

    private async Task<IReadOnlyList<string>> KeysAsync()
    {
        await Moto.ForgoRightsAsync();
        return await Moto.ListKeysAsync(Bucket);
    }

    private Task<ToolResult> ProbeAsync() => SalvorCommand.RunWithAsync(
        Rig.Environment,
        "repo", "probe", Rig.Location, "--s3-endpoint", Moto.Endpoint.ToString(), "--s3-path-style",
        "--output", "json");
}
