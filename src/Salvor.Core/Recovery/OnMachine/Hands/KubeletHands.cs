using Salvor.Node.Systemd;
using Salvor.Recovery.Engine;
using Salvor.Recovery.OnMachine.Probes;

namespace Salvor.Recovery.OnMachine.Hands;

/// <summary>What is done to kubelet and to the runtime, through systemd.</summary>
public sealed class KubeletHands(AgentMachine machine, SystemUnits units, HttpProbe healthz)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public async Task<StepReport> StartAsync(CancellationToken ct)
    {
        await units.StartAsync(AgentMachine.KubeletUnit, ct);
        return await AwaitAnswerAsync("started", ct);
    }

    /// <summary>One that hangs does not end when it is asked to: it is killed first.</summary>
    public async Task<StepReport> RestartAsync(bool isHung, CancellationToken ct)
    {
        if (isHung)
        {
            await units.KillAsync(AgentMachine.KubeletUnit, ct);
        }

        await units.RestartAsync(AgentMachine.KubeletUnit, ct);
        return await AwaitAnswerAsync("restarted", ct);
    }

    public async Task<StepReport> RestartRuntimeAsync(CancellationToken ct)
    {
        if (await units.ActiveStateAsync(machine.RuntimeUnit, ct) == "active")
        {
            await units.KillAsync(machine.RuntimeUnit, ct);
            await units.RestartAsync(machine.RuntimeUnit, ct);
        }
        else
        {
            await units.StartAsync(machine.RuntimeUnit, ct);
        }

        return StepReport.Done($"{machine.RuntimeUnit} was started anew");
    }

    private async Task<StepReport> AwaitAnswerAsync(string done, CancellationToken ct)
    {
        var start = machine.Time.GetTimestamp();
        var answer = await healthz.AskAsync("/healthz", ct);
        while (answer.IsOk != Evidence.Truth.Yes)
        {
            if (machine.Time.GetElapsedTime(start) > AnswerLimit)
            {
                return StepReport.Failed($"kubelet was {done}, and does not answer: {answer.Detail}");
            }

            await Task.Delay(Pause, machine.Time, ct);
            answer = await healthz.AskAsync("/healthz", ct);
        }

        return StepReport.Done($"kubelet was {done}, and answers");
    }
}
