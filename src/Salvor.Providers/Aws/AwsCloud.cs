using System.Buffers.Binary;
using Amazon.EC2;
using Amazon.Runtime;
using Salvor.Cloud;
using Salvor.Errors;
using Salvor.Platform;
using RetryPolicy = Salvor.ObjectStore.Decorators.RetryPolicy;

namespace Salvor.Providers.Aws;

/// <summary>One region of Amazon's cloud, as whose credentials are used.</summary>
public sealed class AwsCloud : IDisposable
{
    private const int MetadataAttemptsMax = 2;

    private readonly HttpClient _http;
    private readonly HttpClient _metadataHttp;
    private readonly AmazonEC2Client _ec2;

    private AwsCloud(
        AwsOptions options, AwsPlace place, AWSCredentials credentials, AwsCalls calls, HttpClient metadataHttp,
        IMachineIdentity identity, TimeProvider time)
    {
        var clients = new AwsHttpClients(options);
        Region = place.Region;
        Partition = place.Partition;
        _metadataHttp = metadataHttp;
        Identity = identity;
        _http = clients.Create();
        _ec2 = new AmazonEC2Client(credentials, new AmazonEC2Config
        {
            ServiceURL = place.Ec2.AbsoluteUri,
            AuthenticationRegion = place.Region,
            HttpClientFactory = clients,
            // Retries are ours: the SDK would wait out a lack of capacity like any other failure of the server.
            MaxErrorRetry = 0,
            MaxStaleConnectionRetries = 0,
            ThrottleRetries = false,
            // A wrong clock is told to the user: more than signatures depends on it.
            DisableClockSkewCorrection = true,
            DisableLogging = true,
        });
        Machines = new Ec2Machines(_ec2, calls);
        Power = new Ec2Power(_ec2, calls);
        Volumes = new Ec2Volumes(_ec2, calls);
        var service = new QueryService(place.CloudWatch, place.Region, "monitoring", "2010-08-01");
        Alarms = new CloudWatchAlarms(new QueryClient(_http, calls, service, () => KeyOf(credentials), time));
    }

    /// <summary>The region, such as <c>eu-central-1</c>.</summary>
    public string Region { get; }

    /// <summary>The part of AWS that the region is in, such as <c>aws</c> or <c>aws-cn</c>.</summary>
    public string Partition { get; }

    public IMachineStates Machines { get; }

    public IMachinePower Power { get; }

    public IVolumes Volumes { get; }

    public IAlarms Alarms { get; }

    public IMachineIdentity Identity { get; }

    /// <param name="options">How it is reached.</param>
    /// <param name="variable">The environment, by a variable's name.</param>
    /// <param name="entropy">For the draw of waits.</param>
    /// <param name="time">The clock of waits and signatures.</param>
    /// <param name="ct">Ends the search for region and credentials.</param>
    /// <exception cref="SalvorException">The options are wrong, or region or credentials can't be found.</exception>
    public static async Task<AwsCloud> OpenAsync(
        AwsOptions options, Func<string, string?> variable, IEntropy entropy, TimeProvider time, CancellationToken ct)
    {
        if (options.Validate() is { Count: > 0 } faults)
        {
            throw new SalvorException(ErrorCode.Usage, string.Join(' ', faults));
        }

        var random = new Random(SeedOf(entropy));
        var calls = new AwsCalls(new RetryPolicy(options.Retry, random, time));
        var metadataHttp = InstanceMetadata.NewHttpClient(options.MetadataTimeout);
        var isOpen = false;
        try
        {
            // Where nobody answers on the machine's own link, nobody will.
            var few = options.Retry with { AttemptsMax = Math.Min(options.Retry.AttemptsMax, MetadataAttemptsMax) };
            var identity = new InstanceMetadata(
                metadataHttp, new AwsCalls(new RetryPolicy(few, random, time)), variable);
            var place = await new AwsSettings(options, variable, identity).FindAsync(ct);
            var credentials = await AwsCredentialSource.FindAsync(options.Profile, ct);
            var cloud = new AwsCloud(options, place, credentials, calls, metadataHttp, identity, time);
            isOpen = true;
            return cloud;
        }
        finally
        {
            if (!isOpen)
            {
                metadataHttp.Dispose();
            }
        }
    }

    public void Dispose()
    {
        _ec2.Dispose();
        _http.Dispose();
        _metadataHttp.Dispose();
    }

    private static async Task<SigningKey> KeyOf(AWSCredentials credentials)
    {
        try
        {
            var found = await credentials.GetCredentialsAsync();
            return new SigningKey(found.AccessKey, found.SecretKey, found.UseToken ? found.Token : null);
        }
        catch (AmazonClientException e)
        {
            throw AwsCredentialSource.None(CallFailure.OneLine(e.Message), e);
        }
    }

    private static int SeedOf(IEntropy entropy)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        entropy.Fill(bytes);
        return BinaryPrimitives.ReadInt32LittleEndian(bytes);
    }
}
