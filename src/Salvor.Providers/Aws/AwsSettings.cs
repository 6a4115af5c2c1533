using System.Buffers;
using Amazon;
using Amazon.Runtime.CredentialManagement;
using Salvor.Cloud;
using Salvor.Errors;

namespace Salvor.Providers.Aws;

/// <summary>Finds region and endpoints where AWS's own tools find them.</summary>
/// <param name="options">What the user said, which comes first.</param>
/// <param name="variable">The environment.</param>
/// <param name="machine">This machine's own region, which comes last.</param>
internal sealed class AwsSettings(AwsOptions options, Func<string, string?> variable, IMachineIdentity machine)
{
    private const int RegionLengthMax = 64;

    // A region becomes a part of a host's name: nothing else may come in with it.
    private static readonly SearchValues<char> RegionAlphabet =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public static bool IsRegion(string text) =>
        text.Length is > 0 and <= RegionLengthMax && text[0] != '-' && text[^1] != '-'
        && !text.AsSpan().ContainsAnyExcept(RegionAlphabet);

    public static bool IsEndpoint(Uri url) => url.IsAbsoluteUri && url.Scheme is "http" or "https";

    /// <summary>The region that the environment names, if it does.</summary>
    public static string? RegionOf(Func<string, string?> variable) =>
        variable("AWS_REGION") is { Length: > 0 } region ? region
        : variable("AWS_DEFAULT_REGION") is { Length: > 0 } older ? older
        : null;

    /// <exception cref="SalvorException">No region is known, or a setting makes no sense.</exception>
    public async Task<AwsPlace> FindAsync(CancellationToken ct)
    {
        var region = options.Region ?? RegionOf(variable) ?? RegionOfProfile() ?? await RegionOfMachineAsync(ct);
        if (!IsRegion(region))
        {
            throw new SalvorException(ErrorCode.Usage, $"'{region}' is no region's name, such as us-east-1.")
            {
                Hint = "Name the region with --region.",
            };
        }

        var aws = RegionEndpoint.GetBySystemName(region);
        return new AwsPlace(
            region,
            aws.PartitionName,
            options.Ec2Endpoint ?? EndpointOf("AWS_ENDPOINT_URL_EC2")
                ?? new Uri($"https://ec2.{region}.{aws.PartitionDnsSuffix}"),
            options.CloudWatchEndpoint ?? EndpointOf("AWS_ENDPOINT_URL_CLOUDWATCH")
                ?? new Uri($"https://monitoring.{region}.{aws.PartitionDnsSuffix}"));
    }

    private string? RegionOfProfile()
    {
        var name = options.Profile
            ?? (variable("AWS_PROFILE") is { Length: > 0 } chosen ? chosen : "default");
        return new CredentialProfileStoreChain().TryGetProfile(name, out var profile)
            ? profile.Region?.SystemName
            : null;
    }

    private async Task<string> RegionOfMachineAsync(CancellationToken ct)
    {
        try
        {
            return (await machine.ReadAsync(ct)).Region;
        }
        catch (SalvorException e) when (e.Code == ErrorCode.CloudUnreachable)
        {
            throw new SalvorException(ErrorCode.Usage, "No AWS region is known.", e)
            {
                Hint = "Name it with --region or AWS_REGION. The machine's metadata service, asked last, did not "
                    + "tell it either.",
            };
        }
    }

    private Uri? EndpointOf(string name)
    {
        if (variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") is { } ignored
            && ignored.Equals("true", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var used = variable(name) is { Length: > 0 } ? name : "AWS_ENDPOINT_URL";
        if (variable(used) is not { Length: > 0 } text)
        {
            return null;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var url) && IsEndpoint(url)
            ? url
            : throw new SalvorException(ErrorCode.Usage, $"{used}: '{text}' is no http or https URL.");
    }
}
