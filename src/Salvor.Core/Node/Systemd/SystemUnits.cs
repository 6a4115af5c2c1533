using Salvor.Errors;
using Salvor.Platform;

namespace Salvor.Node.Systemd;

/// <summary>Asks systemd about units, and tells it to start and restart them, always in bounded time.</summary>
public sealed class SystemUnits(IProcessRunner processes)
{
    private static readonly TimeSpan LookLimit = TimeSpan.FromSeconds(5);

    /// <summary>A unit that hangs may take its whole TimeoutStopSec, 90 s by default, to be killed.</summary>
    private static readonly TimeSpan DeedLimit = TimeSpan.FromSeconds(150);

    /// <summary>Its ActiveState, as in "active"; null where systemd does not answer.</summary>
    public async Task<string?> ActiveStateAsync(string unit, CancellationToken ct)
    {
        var answer = await TryAsync(["show", unit, "--property=ActiveState", "--value"], LookLimit, ct);
        return answer is { ExitCode: 0 } && answer.Output.Trim() is { Length: > 0 } state ? state : null;
    }

    /// <summary>Starts a unit, whatever keeps it: masked, disabled, or given up after too many starts.</summary>
    public async Task StartAsync(string unit, CancellationToken ct)
    {
        await TryAsync(["unmask", unit], DeedLimit, ct);
        await TryAsync(["unmask", "--runtime", unit], DeedLimit, ct);
        await TryAsync(["enable", unit], DeedLimit, ct);
        await TryAsync(["reset-failed", unit], DeedLimit, ct);
        await RunAsync(["start", unit], ct);
    }

    public async Task RestartAsync(string unit, CancellationToken ct)
    {
        await TryAsync(["reset-failed", unit], DeedLimit, ct);
        await RunAsync(["restart", unit], ct);
    }

    public Task StopAsync(string unit, CancellationToken ct) => RunAsync(["stop", unit], ct);

    /// <summary>Kills what a unit runs at once, as what hangs does not end by itself.</summary>
    public Task KillAsync(string unit, CancellationToken ct) =>
        TryAsync(["kill", "--signal=SIGKILL", unit], DeedLimit, ct);

    private async Task RunAsync(string[] arguments, CancellationToken ct)
    {
        var what = $"systemctl {string.Join(' ', arguments)}";
        var answer = await processes.RunAsync("systemctl", arguments, DeedLimit, ct)
            ?? throw new SalvorException(ErrorCode.NotFound, "This machine has no systemctl.");
        if (answer.ExitCode != 0)
        {
            throw new SalvorException(ErrorCode.Failed, $"{what} failed: {answer.Error.Trim()}")
            {
                IsTransient = true,
            };
        }
    }

    private async Task<ProcessResult?> TryAsync(string[] arguments, TimeSpan limit, CancellationToken ct)
    {
        try
        {
            return await processes.RunAsync("systemctl", arguments, limit, ct);
        }
        catch (SalvorException)
        {
            return null; // Too slow, which is no answer.
        }
    }
}
