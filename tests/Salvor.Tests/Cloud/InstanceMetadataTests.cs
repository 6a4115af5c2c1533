using System.Net;
using Salvor.Cloud;
using Salvor.Errors;
using Salvor.ObjectStore.Decorators;
using Salvor.Providers.Aws;

namespace Salvor.Tests.Cloud;

public sealed class InstanceMetadataTests
{
    private const HttpStatusCode Ok = HttpStatusCode.OK;

    private const string Document = """
        {"accountId": "123456789012", "instanceId": "i-0123456789abcdef0", "region": "eu-central-1",
         "availabilityZone": "eu-central-1b", "billingProducts": null}
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Machine_is_told_who_it_is_for_a_token()
    {
        var http = new ScriptedHttp((Ok, "a-token\n"), (Ok, Document));

        var identity = await Over(http).ReadAsync(Ct);

        Assert.Equal(
            new MachineIdentity(new MachineId("i-0123456789abcdef0"), "eu-central-1", "eu-central-1b"), identity);
        Assert.Equal(
            ["PUT http://169.254.169.254/latest/api/token",
                "GET http://169.254.169.254/latest/dynamic/instance-identity/document"],
            http.Messages.Select(message => $"{message.Method} {message.RequestUri}"));
        Assert.Equal("a-token", Assert.Single(http.Messages[1].Headers.GetValues("X-aws-ec2-metadata-token")));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("not JSON")]
    [InlineData("{\"instanceId\": 5, \"region\": \"r\", \"availabilityZone\": \"z\"}")]
    [InlineData("{\"instanceId\": \"\", \"region\": \"r\", \"availabilityZone\": \"z\"}")]
    public async Task Document_that_does_not_say_it_is_no_identity(string document)
    {
        var error = await Assert.ThrowsAsync<SalvorException>(
            () => Over(new ScriptedHttp((Ok, "t"), (Ok, document))).ReadAsync(Ct));

        Assert.Equal(ErrorCode.CloudRefused, error.Code);
    }

    [Fact]
    public async Task Service_that_refuses_leaves_the_machine_unknown()
    {
        var error = await Assert.ThrowsAsync<SalvorException>(
            () => Over(new ScriptedHttp((HttpStatusCode.Forbidden, ""))).ReadAsync(Ct));

        Assert.Equal(ErrorCode.CloudUnreachable, error.Code);
        Assert.Contains("--instance-id", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_asked_where_the_environment_says_so()
    {
        var error = await Assert.ThrowsAsync<SalvorException>(
            () => Over(new ScriptedHttp(), ("AWS_EC2_METADATA_DISABLED", "true")).ReadAsync(Ct));

        Assert.Equal(ErrorCode.CloudUnreachable, error.Code);
    }

    [Fact]
    public async Task Service_may_be_elsewhere()
    {
        var http = new ScriptedHttp((Ok, "t"), (Ok, Document));
        await Over(http, ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:9/base")).ReadAsync(Ct);

        Assert.Equal("http://127.0.0.1:9/base/latest/api/token", http.Messages[0].RequestUri!.AbsoluteUri);
    }

    private static InstanceMetadata Over(ScriptedHttp http, params (string Name, string Value)[] variables) => new(
        new HttpClient(http),
        new AwsCalls(new RetryPolicy(new AwsOptions().Retry, new Random(1), new LeapingTime())),
        name => variables.FirstOrDefault(variable => variable.Name == name).Value);
}
