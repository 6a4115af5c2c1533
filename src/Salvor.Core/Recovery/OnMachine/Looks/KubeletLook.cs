using Salvor.Node.Systemd;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.OnMachine.Probes;

namespace Salvor.Recovery.OnMachine.Looks;

/// <summary>
/// Whether kubelet runs, and answers. systemd is asked only when it does not: a process each time costs.
/// </summary>
public sealed class KubeletLook(HttpProbe healthz, SystemUnits units) : IMachineLook
{
    public async Task<Observations> LookAsync(CancellationToken ct)
    {
        var answer = await healthz.AskAsync("/healthz", ct);
        if (answer.IsOk == Truth.Yes)
        {
            return Observations.None.With(Sign.KubeletHealthy, true).With(Sign.KubeletActive, true);
        }

        var state = await units.ActiveStateAsync(AgentMachine.KubeletUnit, ct);
        var active = state switch
        {
            null or "activating" or "deactivating" or "reloading" => Truth.Unknown,
            "active" => Truth.Yes,
            _ => Truth.No,
        };
        return Observations.None
            .With(Sign.KubeletHealthy, answer.IsOk, answer.Detail)
            .With(Sign.KubeletActive, active, $"systemd says {state ?? "nothing"}");
    }
}
