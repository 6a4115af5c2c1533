using Salvor.Platform;

namespace Salvor.IntegrationTests.Recovery;

/// <summary>Remembers how systemctl was called, and fails where it is told to.</summary>
internal sealed class RecordedKubelet : IProcessRunner
{
    public List<string> Calls { get; } = [];

    /// <summary>The verb that systemctl can't do; empty for none.</summary>
    public string FailsAt { get; set; } = "";

    public Task<ProcessResult?> RunAsync(
        string program, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken ct)
    {
        Calls.Add($"{program} {string.Join(' ', arguments)}");
        return Task.FromResult<ProcessResult?>(arguments[0] == FailsAt
            ? new ProcessResult(1, "", "Job failed.")
            : new ProcessResult(0, "", ""));
    }
}
