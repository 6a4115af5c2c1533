using System.Collections.Immutable;
using System.Net;

namespace Salvor.Configuration;

/// <summary>Where agent and guard answer to Prometheus and to health checks.</summary>
public sealed record MetricsConfig
{
    /// <summary>Address and port, as in 127.0.0.1:9637 or [::1]:9637; null for nowhere.</summary>
    public string? Listen { get; init; }

    public ImmutableArray<string> Validate()
    {
        var faults = new ConfigFaults();
        faults.AddIf(Listen is not null && ReadListen() is null, "metrics.listen",
            $"'{Listen}' is not of the form ADDRESS:PORT, as in 127.0.0.1:9637 or [::1]:9637.");
        return faults.ToImmutable();
    }

    /// <summary>The place to listen at; null where there is none.</summary>
    public IPEndPoint? ReadListen() =>
        IPEndPoint.TryParse(Listen ?? "", out var place) && place.Port > 0 ? place : null;
}
