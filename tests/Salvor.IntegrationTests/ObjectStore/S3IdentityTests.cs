using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.ObjectStore;

/// <summary>Where credentials are looked for, by the id that the requests were signed with.</summary>
public sealed class S3IdentityTests : IClassFixture<MotoFixture>, IDisposable
{
    private const string Credentials = """
        [default]
        aws_access_key_id = AKIADEFAULT
        aws_secret_access_key = secret
        [backup]
        aws_access_key_id = AKIABACKUP
        aws_secret_access_key = secret
        """;

    private const string Config = """
        [default]
        region = us-east-1
        [profile in-config]
        aws_access_key_id = AKIAINCONFIG
        aws_secret_access_key = secret
        [profile writer]
        role_arn = arn:aws:iam::123456789012:role/writer
        source_profile = backup
        role_session_name = salvor-test
        region = us-east-1
        """;

    private readonly MotoFixture _moto;
    private readonly TempDirectory _home = new();
    private readonly List<(string Name, string? Value)> _files;

    public S3IdentityTests(MotoFixture moto)
    {
        _moto = moto;
        File.WriteAllText(_home["credentials"], Credentials);
        File.WriteAllText(_home["config"], Config);
        _files =
        [
            .. AwsVariables.None,
            ("AWS_SHARED_CREDENTIALS_FILE", _home["credentials"]),
            ("AWS_CONFIG_FILE", _home["config"]),
            ("AWS_ENDPOINT_URL_STS", moto.Server.Endpoint.ToString()),
        ];
    }

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("AKIADEFAULT")]
    [InlineData("AKIABACKUP", "AWS_PROFILE=backup")]
    [InlineData("AKIAINCONFIG", "AWS_PROFILE=in-config")]
    [InlineData("AKIABACKUP", "--s3-profile=backup")]
    [InlineData("AKIABACKUP", "--s3-profile=backup", "AWS_PROFILE=default")]
    [InlineData("AKIABACKUP", "--s3-profile=backup", "AWS_ACCESS_KEY_ID=AKIAENV", "AWS_SECRET_ACCESS_KEY=s")]
    [InlineData("AKIAENV", "AWS_ACCESS_KEY_ID=AKIAENV", "AWS_SECRET_ACCESS_KEY=s")]
    public async Task Files_and_variables_are_found_as_AWS_tools_find_them(string keyId, params string[] settings)
    {
        var (result, requests) = await ProbeAsync(settings);

        result.ShouldExitWith(0);
        Assert.All(requests, r => Assert.Equal(keyId, r.KeyId));
    }

    [Theory]
    [InlineData("--s3-profile=writer")]
    [InlineData("AWS_PROFILE=writer")]
    public async Task A_profile_that_takes_on_a_role_is_signed_for_as_that_role(string setting)
    {
        var (result, requests) = await ProbeAsync(setting);

        result.ShouldExitWith(0);
        Assert.All(requests, r => Assert.StartsWith("ASIA", r.KeyId, StringComparison.Ordinal));
        Assert.All(requests, r => Assert.True(r.HasSessionToken));
    }

    [Fact]
    public async Task A_pod_takes_on_the_role_of_its_token()
    {
        await File.WriteAllTextAsync(_home["token"], "a.web.token", TestContext.Current.CancellationToken);
        var (result, requests) = await ProbeAsync(
            "AWS_ROLE_ARN=arn:aws:iam::123456789012:role/pod",
            $"AWS_WEB_IDENTITY_TOKEN_FILE={_home["token"]}",
            "AWS_REGION=us-east-1",
            "AWS_SHARED_CREDENTIALS_FILE=/nonexistent");

        result.ShouldExitWith(0);
        Assert.All(requests, r => Assert.True(r.HasSessionToken));
    }

    [Fact]
    public async Task The_machines_role_is_asked_for_with_a_token_and_not_for_every_request()
    {
        await using var machine = new MachineRole();
        var (result, requests) = await ProbeAsync(
            "AWS_SHARED_CREDENTIALS_FILE=/nonexistent", "AWS_CONFIG_FILE=/nonexistent",
            $"AWS_EC2_METADATA_SERVICE_ENDPOINT={machine.Endpoint}", "AWS_EC2_METADATA_DISABLED=false");

        result.ShouldExitWith(0);
        Assert.All(requests, r => Assert.Equal(MachineRole.KeyId, r.KeyId));
        Assert.All(requests, r => Assert.True(r.HasSessionToken));
        Assert.True(requests.Count > 20);
        Assert.InRange(machine.Told, 1, 2);
    }

    [Theory]
    [InlineData("--s3-profile=nobody", "nobody")]
    [InlineData("AWS_PROFILE=nobody", "AWS_ACCESS_KEY_ID")]
    [InlineData("AWS_SHARED_CREDENTIALS_FILE=/nonexistent", "AWS_ACCESS_KEY_ID")]
    public async Task Where_there_are_none_nothing_is_sent_and_the_ways_to_give_some_are_told(
        string setting, string said)
    {
        var (result, requests) = await ProbeAsync(setting);

        result.ShouldExitWith(17);
        Assert.Contains(said, result.Stderr, StringComparison.Ordinal);
        Assert.Contains("--s3-profile", result.Stderr, StringComparison.Ordinal);
        Assert.Equal(2, result.Stderr.Trim().Split('\n').Length); // One sentence and one hint.
        Assert.Empty(requests);
    }

    /// <summary>Probes a new bucket through a proxy that sees who signed.</summary>
    /// <param name="settings">Options, and variables as NAME=VALUE.</param>
    private async Task<(ToolResult Result, IReadOnlyList<ProxiedRequest> Requests)> ProbeAsync(
        params string[] settings)
    {
        await using var proxy = new StoreProxy(_moto.Server.Endpoint);
        var options = settings.Where(s => s.StartsWith('-'));
        var variables = settings.Except(options).Select(s => s.Split('=', 2)).Select(s => (s[0], (string?)s[1]));
        var result = await SalvorCommand.RunWithAsync(
            [.. _files, .. variables],
            ["repo", "probe", $"s3://{await _moto.NewBucketAsync()}", .. proxy.Access, .. options]);
        return (result, [.. proxy.Requests]);
    }
}
