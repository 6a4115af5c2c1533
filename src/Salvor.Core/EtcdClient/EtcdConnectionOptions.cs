using System.Collections.Immutable;

namespace Salvor.EtcdClient;

/// <summary>Where etcd is, and how to be let in.</summary>
public sealed record EtcdConnectionOptions
{
    private static readonly TimeSpan TimeoutMax = TimeSpan.FromHours(24);

    /// <summary>Client URLs of one or more members, in the order in which they are tried.</summary>
    public required ImmutableArray<Uri> Endpoints { get; init; }

    /// <summary>PEM file with the certificates that may sign etcd's; null trusts what the machine trusts.</summary>
    public string? CaFile { get; init; }

    /// <summary>PEM file with our certificate, and below it those of its signers, where etcd asks for one.</summary>
    public string? ClientCertificateFile { get; init; }

    /// <summary>PEM file with the key of <see cref="ClientCertificateFile"/>.</summary>
    public string? ClientKeyFile { get; init; }

    /// <summary>User name, where etcd's own authentication is on.</summary>
    public string? User { get; init; }

    public EtcdPassword? Password { get; init; }

    /// <summary>How long a connection, with its TLS handshake, may take to come about.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one small call may take.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a call may take whose work grows with the database: HashKV, defragment, compact.</summary>
    public TimeSpan LongCallTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>After how long a silence a stream's peer is pinged. etcd bears no less than 5 s.</summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a ping may stay unanswered before the connection counts as broken.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Takes the place of the network where a test plays etcd in the same process; null otherwise.</summary>
    internal HttpMessageHandler? Transport { get; init; }

    /// <summary>Everything that is wrong with these options, as sentences; empty when they can be used.</summary>
    public ImmutableArray<string> Validate()
    {
        var faults = ImmutableArray.CreateBuilder<string>();
        if (Endpoints.IsDefaultOrEmpty)
        {
            faults.Add("endpoints: at least one is needed.");
        }
        else
        {
            faults.AddRange(Endpoints.Where(e => !IsUsable(e)).Select(e =>
                $"endpoints: {e} is not of the form http://HOST:PORT or https://HOST:PORT."));
        }

        if (ClientCertificateFile is null != ClientKeyFile is null)
        {
            faults.Add("A client certificate and its key go together: give both or neither.");
        }

        if (User is null != Password is null)
        {
            faults.Add("A user and a password go together: give both or neither.");
        }

        AddTimeoutFaults(faults);
        return faults.DrainToImmutable();
    }

    private static bool IsUsable(Uri endpoint) =>
        endpoint is { IsAbsoluteUri: true, PathAndQuery: "/", UserInfo: "", Host.Length: > 0 }
        && (endpoint.Scheme == Uri.UriSchemeHttp || endpoint.Scheme == Uri.UriSchemeHttps);

    private void AddTimeoutFaults(ImmutableArray<string>.Builder faults)
    {
        ReadOnlySpan<(string Name, TimeSpan Value)> timeouts =
        [
            ("connectTimeout", ConnectTimeout),
            ("callTimeout", CallTimeout),
            ("longCallTimeout", LongCallTimeout),
            ("keepAliveTimeout", KeepAliveTimeout),
        ];
        foreach (var (name, value) in timeouts)
        {
            if (value <= TimeSpan.Zero || value > TimeoutMax)
            {
                faults.Add($"{name}: {value.TotalSeconds} s is outside 0 s (not included) to 24 h.");
            }
        }

        if (KeepAliveInterval < TimeSpan.FromSeconds(5))
        {
            faults.Add($"keepAliveInterval: {KeepAliveInterval.TotalSeconds} s is below the 5 s that etcd bears.");
        }
    }
}
