using Salvor.Errors;
using Salvor.Readiness.Protect.Cluster;

namespace Salvor.Readiness.Protect.Endpoint;

/// <summary>A ConfigMap of the cluster names the endpoint.</summary>
public sealed class EndpointInCluster(EndpointWork work, EndpointMap map) : IProtection
{
    private const int AttemptsMax = 5;

    /// <summary>In the record from before the change until the pods were told: a crash loses nothing.</summary>
    private readonly string _restartItem = map.Item + "-restart";
    private readonly EndpointSettings _settings = new(work.Record, map.Item, map.WantedFor);

    public string Section => "node";

    public string Name => map.Item;

    public string Purpose => map.Purpose;

    public async Task<ProtectionLook> LookAsync(ProtectionAim aim, CancellationToken ct)
    {
        if (aim == ProtectionAim.Remove && !_settings.IsRecorded && !IsRestartDue)
        {
            return new ProtectionLook { State = ProtectionState.InForce, Found = "nothing that protect changed" };
        }

        using var api = work.Open();
        if ((await api.GetConfigMapAsync(map.Space, map.Name, ct))?[map.Key] is not { } whole)
        {
            return new ProtectionLook
            {
                State = ProtectionState.NotApplicable,
                Note = $"There is no {map.Where}.",
            };
        }

        var target = work.Target(aim);
        var text = map.Parse(whole);
        var wanted = _settings.Wanted(target, text);
        var differs = EndpointSettings.Differs(text, wanted);
        if (differs && target is not null)
        {
            await work.RequireReachAsync(target, ct);
        }

        return new ProtectionLook
        {
            State = differs || IsRestartDue ? ProtectionState.Differs : ProtectionState.InForce,
            Found = EndpointSettings.Describe(text, wanted),
            Wanted = EndpointSettings.Describe(wanted),
            Change = differs ? $"edit {map.Where}; {map.After}"
                : IsRestartDue ? $"restart the pods of {map.DaemonSet}, which an earlier run did not get to" : null,
        };
    }

    public async Task ChangeAsync(ProtectionAim aim, CancellationToken ct)
    {
        var target = work.Target(aim);
        if (target is not null)
        {
            await work.RequireNameAsync(target, ct);
        }

        using var api = work.Open();
        for (var attempt = 0; !await TryEditAsync(api, target, ct); attempt++)
        {
            if (attempt == AttemptsMax)
            {
                throw new SalvorException(ErrorCode.Failed,
                    $"{map.Where} is changed by somebody else again and again.")
                {
                    IsTransient = true,
                    Hint = "Run this again when whoever changes it is done.",
                };
            }
        }

        if (IsRestartDue)
        {
            await api.RestartDaemonSetAsync(map.Space, map.DaemonSet!, work.Time.GetUtcNow(), ct);
            work.Record.Forget(_restartItem);
        }
    }

    private bool IsRestartDue => work.Record.Of(_restartItem).Count > 0;

    /// <returns>False when somebody else was quicker.</returns>
    private async Task<bool> TryEditAsync(KubernetesApi api, ApiEndpoint? target, CancellationToken ct)
    {
        if (await api.GetConfigMapAsync(map.Space, map.Name, ct) is not { } found || found[map.Key] is not { } whole)
        {
            return true;
        }

        var text = map.Parse(whole);
        var wanted = _settings.Wanted(target, text);
        if (EndpointSettings.Differs(text, wanted))
        {
            var edited = found.With(map.Key, text.With(wanted));
            if (target is not null)
            {
                _settings.Remember(target, text);
            }

            if (map.DaemonSet is not null)
            {
                work.Record.Remember(_restartItem, [new("restart", "due")]);
            }

            if (!await api.TryPutConfigMapAsync(map.Space, map.Name, edited, ct))
            {
                return false;
            }
        }

        if (target is null)
        {
            _settings.Forget();
        }

        return true;
    }
}
