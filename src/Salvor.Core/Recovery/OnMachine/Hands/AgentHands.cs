using System.Collections.Immutable;
using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Driver;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Ladder;
using Salvor.Recovery.OnMachine.Looks;

namespace Salvor.Recovery.OnMachine.Hands;

/// <summary>Does the agent's steps.</summary>
public sealed class AgentHands(
    AgentMachine machine, KubeletHands kubelet, PodHands pods, EtcdHold hold, DataRecovery data, ApiServerLook api)
    : IHands
{
    private static readonly TimeSpan KillAtOnce = TimeSpan.Zero;
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>The steps that repairs of their own do.</summary>
    public ImmutableDictionary<StepKind, Func<CancellationToken, Task<StepReport>>> Repairs { get; init; } =
        ImmutableDictionary<StepKind, Func<CancellationToken, Task<StepReport>>>.Empty;

    public Task<StepReport> DoAsync(StepOrder order, CancellationToken ct) => order.Step switch
    {
        StepKind.StartKubelet => kubelet.StartAsync(ct),
        StepKind.RestartKubelet => kubelet.RestartAsync(order.Cause == CauseId.KubeletHung, ct),
        StepKind.RestartRuntime => kubelet.RestartRuntimeAsync(ct),
        StepKind.RemoveExitedContainers => pods.RemoveExitedAsync(ct),
        StepKind.StopApiServer => pods.StopAsync(ContainerLook.ApiServer, KillAtOnce, ct),
        StepKind.RemoveStaleSandboxes => pods.RemoveStaleSandboxesAsync(ct),
        StepKind.HoldEtcd => hold.HoldAsync(order, ct),
        StepKind.ReleaseEtcd => hold.ReleaseAsync(ct),
        StepKind.ChooseSource => data.ChooseAsync(ct),
        StepKind.PutDataInPlace => data.PutInPlaceAsync(order, ct),
        StepKind.BeginTimeline => data.BeginTimelineAsync(ct),
        StepKind.AwaitReady => AwaitReadyAsync(ct),
        StepKind.StandDown => hold.StandDownAsync(order, ct),
        var step when Repairs.TryGetValue(step, out var repair) => repair(ct),
        var step => Task.FromResult(StepReport.Refused($"this version of the agent can't do {step}")),
    };

    private async Task<StepReport> AwaitReadyAsync(CancellationToken ct)
    {
        var start = machine.Time.GetTimestamp();
        while (true)
        {
            var ready = (await api.LookAsync(ct))[Sign.ApiServerReady];
            if (ready.Truth == Truth.Yes)
            {
                return StepReport.Done("the API is ready");
            }

            if (machine.Time.GetElapsedTime(start) > ReadyLimit)
            {
                return StepReport.Failed($"the API is not ready after {ReadyLimit.TotalMinutes:0} min: {ready.Detail}");
            }

            await Task.Delay(Pause, machine.Time, ct);
        }
    }
}
