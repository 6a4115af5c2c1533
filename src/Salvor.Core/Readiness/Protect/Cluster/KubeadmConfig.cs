using Salvor.Errors;
using Salvor.Readiness.Protect.Machine;

namespace Salvor.Readiness.Protect.Cluster;

/// <summary>kubeadm's own configuration has the interlock too, so that an upgrade writes it again.</summary>
/// <param name="machine">Whose kubeconfig opens the cluster.</param>
/// <param name="record">What was there before.</param>
/// <param name="kubeconfigPath">An administrator's.</param>
/// <param name="connect">How the API server is reached.</param>
public sealed class KubeadmConfig(
    NodeFiles machine, ProtectionRecord record, string kubeconfigPath, Func<Kubeconfig, KubernetesApi> connect)
    : IProtection
{
    private const string Space = "kube-system";
    private const string MapName = "kubeadm-config";
    private const string Key = "ClusterConfiguration";
    private const string Existing = "existing";
    private const string Where = $"{Key} in ConfigMap {Space}/{MapName}";
    private const int AttemptsMax = 5;
    private const string NameAnother =
        "Run this on the control-plane machine, or name an administrator's kubeconfig with --kubeconfig.";

    public string Section => "node";

    public string Name => MapName;

    public string Purpose => "kubeadm upgrade writes the interlock into etcd's manifest again.";

    public async Task<ProtectionLook> LookAsync(ProtectionAim aim, CancellationToken ct)
    {
        if (aim == ProtectionAim.Remove && record.Of(Name).Count == 0)
        {
            return new ProtectionLook { State = ProtectionState.InForce, Found = "nothing that protect changed" };
        }

        if (machine.FileSystem.Stat(machine.PathOf(kubeconfigPath)) is null)
        {
            return new ProtectionLook
            {
                State = ProtectionState.Unseen,
                Note = $"There is no {machine.PathOf(kubeconfigPath)} to ask the API server with. {NameAnother}",
            };
        }

        using var api = Connect();
        var map = await api.GetConfigMapAsync(Space, MapName, ct);
        if (map?[Key] is not { } text)
        {
            return NotApplicable("There is no kubeadm-config: kubeadm does not write this cluster's manifests.");
        }

        var configuration = ClusterConfigurationText.Parse(Where, text);
        if (configuration.IsExternal)
        {
            return NotApplicable("etcd is external: kubeadm does not write its manifest.");
        }

        var wanted = Wanted(aim, configuration);
        var isInForce = configuration.State == wanted;
        return new ProtectionLook
        {
            State = isInForce ? ProtectionState.InForce : ProtectionState.Differs,
            Found = Describe(configuration.State),
            Wanted = Describe(wanted),
            Change = isInForce ? null : $"edit {Where}; nothing restarts",
        };
    }

    public async Task ChangeAsync(ProtectionAim aim, CancellationToken ct)
    {
        using var api = Connect();
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            if (await api.GetConfigMapAsync(Space, MapName, ct) is not { } map || map[Key] is not { } text)
            {
                return;
            }

            var configuration = ClusterConfigurationText.Parse(Where, text);
            var wanted = Wanted(aim, configuration);
            if (configuration.State == wanted)
            {
                return;
            }

            var whole = map.With(Key, configuration.With(wanted));
            if (aim == ProtectionAim.Protect)
            {
                record.Remember(Name, [new(EtcdManifestText.StateFlag, configuration.State)]);
            }

            if (await api.TryPutConfigMapAsync(Space, MapName, whole, ct))
            {
                if (aim == ProtectionAim.Remove)
                {
                    record.Forget(Name);
                }

                return;
            }
        }

        throw new SalvorException(ErrorCode.Failed, $"{Where} is changed by somebody else again and again.")
        {
            IsTransient = true,
            Hint = "Run this again when whoever changes it is done.",
        };
    }

    private static string Describe(string? state) =>
        $"etcd.local.extraArgs: {EtcdManifestText.StateFlag} {state ?? "(absent)"}";

    private static ProtectionLook NotApplicable(string note) =>
        new() { State = ProtectionState.NotApplicable, Note = note };

    private string? Wanted(ProtectionAim aim, ClusterConfigurationText configuration)
    {
        if (aim == ProtectionAim.Protect)
        {
            return Existing;
        }

        // What somebody changed since is theirs.
        var isOurs = record.Of(Name).TryGetValue(EtcdManifestText.StateFlag, out var before)
            && configuration.State == Existing;
        return isOurs ? before : configuration.State;
    }

    private KubernetesApi Connect()
    {
        var config = Kubeconfig.TryLoad(machine, kubeconfigPath)
            ?? throw new SalvorException(ErrorCode.NotFound, $"There is no {machine.PathOf(kubeconfigPath)}.")
            {
                Hint = NameAnother,
            };
        return connect(config);
    }
}
