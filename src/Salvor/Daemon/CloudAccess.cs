using Salvor.Platform;
using Salvor.Providers.Aws;
using Salvor.Recovery.Outside;

namespace Salvor.Daemon;

/// <summary>A cloud that is opened when it is first needed, however long it is away before that.</summary>
internal sealed class CloudAccess(AwsOptions options, IEntropy entropy, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private AwsCloud? _opened;
    private CloudPorts? _ports;

    /// <summary>For a look every few seconds: what does not answer soon is looked at again soon.</summary>
    public static AwsOptions OptionsFor(string? region)
    {
        var options = new AwsOptions
        {
            Region = region,
            ConnectTimeout = TimeSpan.FromSeconds(3),
            RequestTimeout = TimeSpan.FromSeconds(8),
        };
        return options with
        {
            Retry = options.Retry with { AttemptsMax = 2, DelayMax = TimeSpan.FromSeconds(1) },
        };
    }

    /// <exception cref="Errors.SalvorException">Region or credentials can't be found.</exception>
    public async Task<CloudPorts> OpenAsync(CancellationToken ct)
    {
        if (_ports is { } ports)
        {
            return ports;
        }

        await _gate.WaitAsync(ct);
        try
        {
            _opened ??= await AwsCloud.OpenAsync(options, Environment.GetEnvironmentVariable, entropy, time, ct);
            return _ports ??= new CloudPorts(_opened.Machines, _opened.Power, _opened.Volumes, _opened.Alarms);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose()
    {
        _opened?.Dispose();
        _gate.Dispose();
    }
}
