using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SecurityToken;
using Salvor.Errors;
using Salvor.Formats.Bytes;
using Salvor.Platform;
using Salvor.Providers.Aws;

namespace Salvor.Providers.S3;

/// <summary>Makes the SDK's client as the options say.</summary>
internal static class S3ClientFactory
{
    private const int PemBytesMax = 1 << 20;
    private const string RegionElsewhere = "us-east-1";

    /// <remarks>
    /// The SDK finds by name, at run time, what takes on the role of a profile or of a pod; without being told so, the
    /// trimmer would leave it out. Its own way to register it does not pass on the profile's source credentials.
    /// </remarks>
    [DynamicDependency(
        DynamicallyAccessedMemberTypes.PublicConstructors, typeof(AmazonSecurityTokenServiceClient))]
    [DynamicDependency(
        DynamicallyAccessedMemberTypes.PublicConstructors, typeof(AmazonSecurityTokenServiceConfig))]
    public static AmazonS3Client Create(S3StoreOptions options, IFileSystem files)
    {
        var roots = options.CaFile is { } caFile ? LoadSigners(files, caFile) : null;
        var config = new AmazonS3Config
        {
            ForcePathStyle = options.UsesPathStyle,
            HttpClientFactory = new S3HttpClients(options, roots),
            // Retries are our decorator's, which knows what a lost answer to a conditional put means.
            MaxErrorRetry = 0,
            MaxStaleConnectionRetries = 0,
            ThrottleRetries = false,
            // A wrong clock is told to the user: more than signatures depends on it.
            DisableClockSkewCorrection = true,
            // The SDK's newer trailing checksums corrupt or fail uploads at services that are not AWS. The signature
            // covers the body's SHA-256 as it is, so a body that was changed on its way is refused.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            DisableLogging = true,
        };
        if (options.Profile is { } profile)
        {
            config.Profile = new Profile(profile);
        }

        if (options.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.AbsoluteUri;
            config.AuthenticationRegion = options.Region
                ?? AwsSettings.RegionOf(Environment.GetEnvironmentVariable) ?? RegionElsewhere;
        }
        else if (options.Region is { } region)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }

        try
        {
            return new AmazonS3Client(config);
        }
        catch (AmazonClientException e)
        {
            throw new SalvorException(ErrorCode.Usage, $"Cannot set up access to s3://{options.Bucket}: {e.Message}", e)
            {
                Hint = "Name the region with --s3-region, or the service with --s3-endpoint where it is not AWS.",
            };
        }
    }

    private static X509Certificate2Collection LoadSigners(IFileSystem files, string path)
    {
        using var file = files.OpenRead(path);
        if (file.Length > PemBytesMax)
        {
            throw new SalvorException(ErrorCode.WrongKind, $"{path} is too large for a PEM file.");
        }

        var bytes = new byte[file.Length];
        file.ReadExactlyAt(0, bytes);
        var signers = new X509Certificate2Collection();
        try
        {
            signers.ImportFromPem(Encoding.UTF8.GetString(bytes));
        }
        catch (CryptographicException e)
        {
            throw NoCertificate(path, e);
        }

        return signers.Count > 0 ? signers : throw NoCertificate(path, inner: null);
    }

    private static SalvorException NoCertificate(string path, Exception? inner) =>
        new(ErrorCode.StoreTls, $"{path} holds no certificate in PEM form.", inner)
        {
            Hint = "A PEM certificate begins with -----BEGIN CERTIFICATE-----.",
        };
}
