using System.Diagnostics.CodeAnalysis;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.SecurityToken;
using Salvor.Errors;

namespace Salvor.Providers.Aws;

/// <summary>Finds credentials where AWS's tools find them: variables, profiles, roles of pods and machines.</summary>
internal static class AwsCredentialSource
{
    public const string Hint =
        "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name a profile with AWS_PROFILE, or give the machine a "
            + "role.";

    /// <remarks>
    /// The SDK finds by name, at run time, what takes on the role of a profile or of a pod; without being told so, the
    /// trimmer would leave it out. What is returned renews itself.
    /// </remarks>
    /// <exception cref="SalvorException">There are none.</exception>
    [DynamicDependency(
        DynamicallyAccessedMemberTypes.PublicConstructors, typeof(AmazonSecurityTokenServiceClient))]
    [DynamicDependency(
        DynamicallyAccessedMemberTypes.PublicConstructors, typeof(AmazonSecurityTokenServiceConfig))]
    public static async Task<AWSCredentials> FindAsync(string? profile, CancellationToken ct)
    {
        var config = new AmazonSecurityTokenServiceConfig();
        if (profile is not null)
        {
            config.Profile = new Profile(profile);
        }

        try
        {
            return await new DefaultAWSCredentialsIdentityResolver().ResolveIdentityAsync(config, ct)
                as AWSCredentials ?? throw None("what was found can't sign", inner: null);
        }
        catch (AmazonClientException e)
        {
            throw None(CallFailure.OneLine(e.Message), e);
        }
    }

    public static SalvorException None(string why, Exception? inner) =>
        new(ErrorCode.CloudCredentials, $"Cannot find credentials for AWS: {why.TrimEnd('.')}.", inner) { Hint = Hint };
}
