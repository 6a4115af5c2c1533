using Salvor.Metrics;

namespace Salvor.Web;

/// <summary>What a daemon answers over HTTP.</summary>
/// <param name="Metrics">Makes the page for Prometheus.</param>
/// <param name="Fault">Why the daemon is not well; null when it is.</param>
internal sealed record DaemonPages(Func<string> Metrics, Func<string?> Fault)
{
    private const string Plain = "text/plain; charset=utf-8";

    public WebPage Answer(string method, string path) => (method, path) switch
    {
        (not ("GET" or "HEAD"), _) => new WebPage(405, Plain, "Only GET.\n"),
        (_, "/metrics") => new WebPage(200, MetricsPage.ContentType, Metrics()),
        (_, "/healthz") => Fault() is { } fault
            ? new WebPage(503, Plain, fault + "\n")
            : new WebPage(200, Plain, "ok\n"),
        _ => new WebPage(404, Plain, "There are /metrics and /healthz.\n"),
    };
}
