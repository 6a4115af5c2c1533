namespace Salvor.Metrics;

/// <summary>What Prometheus's own client libraries tell of every process, and which salvor it is.</summary>
internal static class ProcessMetrics
{
    /// <param name="page">Where to.</param>
    /// <param name="role">agent or guard.</param>
    /// <param name="version">Which build.</param>
    /// <param name="started">When the process began.</param>
    /// <param name="clusters">Whose it is.</param>
    public static void Write(
        MetricsPage page, string role, string version, DateTimeOffset started,
        IReadOnlyList<ClusterReading> clusters)
    {
        var build = page.Gauge("salvor_build_info", "1 for the version that runs.");
        foreach (var one in clusters)
        {
            build.Add(1, ("cluster", one.Cluster), ("version", version), ("role", role));
        }

        page.Gauge("process_resident_memory_bytes", "Resident memory, in bytes.").Add(Environment.WorkingSet);
        page.Counter("process_cpu_seconds_total", "Processor time, in seconds.")
            .Add(Environment.CpuUsage.TotalTime.TotalSeconds);
        page.Gauge("process_start_time_seconds", "When the process began, in Unix time.").Add(MetricTime.Of(started));
    }
}
