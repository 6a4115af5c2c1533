using Salvor.Cloud;
using Salvor.Errors;
using Salvor.Providers.Aws;

namespace Salvor.Tests.Cloud;

public sealed class AwsSettingsTests
{
    private readonly Dictionary<string, string> _variables = new()
    {
        // No profile of the machine that the tests run on comes in.
        ["AWS_PROFILE"] = "salvor-test-that-nobody-has",
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Options_come_before_the_environment_and_that_before_the_machine()
    {
        Assert.Equal("eu-north-1", (await FindAsync(new AwsOptions())).Region);

        _variables["AWS_DEFAULT_REGION"] = "us-west-2";
        Assert.Equal("us-west-2", (await FindAsync(new AwsOptions())).Region);

        _variables["AWS_REGION"] = "us-east-2";
        Assert.Equal("us-east-2", (await FindAsync(new AwsOptions())).Region);
        Assert.Equal("sa-east-1", (await FindAsync(new AwsOptions { Region = "sa-east-1" })).Region);
    }

    [Theory]
    [InlineData("eu-central-1", "aws", "https://ec2.eu-central-1.amazonaws.com/")]
    [InlineData("cn-north-1", "aws-cn", "https://ec2.cn-north-1.amazonaws.com.cn/")]
    [InlineData("us-gov-west-1", "aws-us-gov", "https://ec2.us-gov-west-1.amazonaws.com/")]
    [InlineData("lab-1", "aws", "https://ec2.lab-1.amazonaws.com/")]
    public async Task Region_says_which_part_of_AWS_it_is_in(string region, string partition, string ec2)
    {
        var place = await FindAsync(new AwsOptions { Region = region });

        Assert.Equal((partition, ec2), (place.Partition, place.Ec2.AbsoluteUri));
        Assert.Equal(ec2.Replace("ec2.", "monitoring.", StringComparison.Ordinal), place.CloudWatch.AbsoluteUri);
    }

    [Fact]
    public async Task Endpoint_of_a_service_comes_before_the_one_for_all()
    {
        _variables["AWS_ENDPOINT_URL"] = "http://localhost:1/";
        _variables["AWS_ENDPOINT_URL_EC2"] = "http://localhost:2/";

        var place = await FindAsync(new AwsOptions());
        Assert.Equal(("http://localhost:2/", "http://localhost:1/"),
            (place.Ec2.AbsoluteUri, place.CloudWatch.AbsoluteUri));

        var told = await FindAsync(new AwsOptions { Ec2Endpoint = new Uri("http://localhost:3/") });
        Assert.Equal("http://localhost:3/", told.Ec2.AbsoluteUri);

        _variables["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true";
        Assert.Equal("https://ec2.eu-north-1.amazonaws.com/", (await FindAsync(new AwsOptions())).Ec2.AbsoluteUri);
    }

    [Theory]
    [InlineData("AWS_REGION", "evil.example/")]
    [InlineData("AWS_REGION", "-a")]
    [InlineData("AWS_ENDPOINT_URL", "ftp://localhost/")]
    [InlineData("AWS_ENDPOINT_URL_CLOUDWATCH", "localhost")]
    public async Task What_makes_no_sense_is_refused(string variable, string value)
    {
        _variables[variable] = value;

        Assert.Equal(
            ErrorCode.Usage, (await Assert.ThrowsAsync<SalvorException>(() => FindAsync(new AwsOptions()))).Code);
    }

    [Fact]
    public async Task Where_no_region_is_known_the_ways_to_name_one_are_told()
    {
        var nobody = new FixedIdentity(null);
        var settings = new AwsSettings(new AwsOptions(), name => _variables.GetValueOrDefault(name), nobody);

        var error = await Assert.ThrowsAsync<SalvorException>(() => settings.FindAsync(Ct));

        Assert.Equal(ErrorCode.Usage, error.Code);
        Assert.Contains("--region", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_options_are_all_named()
    {
        var faults = new AwsOptions
        {
            Region = "no region",
            Ec2Endpoint = new Uri("ftp://x/"),
            RequestTimeout = TimeSpan.Zero,
        }.Validate();

        Assert.Equal(3, faults.Count);
        Assert.Empty(new AwsOptions().Validate());
    }

    private Task<AwsPlace> FindAsync(AwsOptions options) => new AwsSettings(
        options, name => _variables.GetValueOrDefault(name), new FixedIdentity("eu-north-1")).FindAsync(Ct);

    private sealed class FixedIdentity(string? region) : IMachineIdentity
    {
        public Task<MachineIdentity> ReadAsync(CancellationToken ct) => region is null
            ? throw new SalvorException(ErrorCode.CloudUnreachable, "Nobody tells.")
            : Task.FromResult(new MachineIdentity(new MachineId("i-1"), region, region + "a"));
    }
}
