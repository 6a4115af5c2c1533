using System.Collections.Immutable;

namespace Salvor.IntegrationTests.Support;

/// <summary>How to start a real etcd; what is left out gets a value of its own.</summary>
public sealed record EtcdServerOptions
{
    /// <summary>The Debian suite whose etcd is started.</summary>
    public string Suite { get; init; } = "sid";

    public string Name { get; init; } = "default";

    /// <summary>An existing data directory; without it, a new temporary one.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>A WAL directory outside the data directory.</summary>
    public string? WalDirectory { get; init; }

    /// <summary>Serves TLS and demands client certificates of this authority.</summary>
    public TestCertificates? Certificates { get; init; }

    /// <summary>More command line arguments, such as <c>--auto-compaction-retention=1h</c>.</summary>
    public ImmutableArray<string> ExtraArguments { get; init; } = [];

    /// <summary>Set where an alarm is expected to be raised, since /health is then never good.</summary>
    public bool MayHaveAlarms { get; init; }

    /// <summary>How long etcd may take until it serves.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
