using Salvor.Platform;

namespace Salvor.Tests.Readiness.Protect.Machine;

/// <summary>A machine's programs by what they answer; remembers how they were called.</summary>
internal sealed class RecordedProcesses : IProcessRunner
{
    public string KubeletVersion { get; set; } = "Kubernetes v1.34.2\n";

    public string NeedsReload { get; set; } = "no\n";

    public ProcessResult? Reload { get; set; } = new(0, "", "");

    public ProcessResult? Restart { get; set; } = new(0, "", "");

    public List<string> Calls { get; } = [];

    public Task<ProcessResult?> RunAsync(
        string program, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken ct)
    {
        var call = $"{program} {string.Join(' ', arguments)}";
        Calls.Add(call);
        return Task.FromResult(call switch
        {
            "/usr/bin/kubelet --version" => new ProcessResult(0, KubeletVersion, ""),
            "systemctl daemon-reload" => Reload,
            "systemctl restart kubelet.service" => Restart,
            _ => call.StartsWith("systemctl show ", StringComparison.Ordinal)
                ? new ProcessResult(0, NeedsReload, "")
                : null,
        });
    }
}
