using Salvor.Errors;
using Salvor.Readiness.Protect.Cluster;
using Salvor.Readiness.Protect.Machine;

namespace Salvor.Readiness.Protect.Endpoint;

/// <summary>What all items of the endpoint share.</summary>
/// <param name="Machine">Whose files.</param>
/// <param name="Record">What was there before.</param>
/// <param name="Endpoint">The one that is asked for; null where there is only something to undo.</param>
/// <param name="Time">For waits and time stamps.</param>
public sealed record EndpointWork(
    NodeFiles Machine, ProtectionRecord Record, ApiEndpoint? Endpoint, TimeProvider Time)
{
    private const string ServingCertificate = "/etc/kubernetes/pki/apiserver.crt";

    public string KubeconfigPath { get; init; } = Kubeconfig.DefaultPath;

    /// <summary>How the API server is reached.</summary>
    public Func<Kubeconfig, KubernetesApi> Connect { get; init; } = KubernetesApi.Of;

    /// <summary>Whether an API server of kubeadm's runs here, whose certificate can be given the name.</summary>
    public bool IsControlPlane => Machine.FileSystem.Stat(Machine.PathOf(ServingCertificate)) is not null;

    /// <summary>The endpoint to point at; null to undo.</summary>
    public ApiEndpoint? Target(ProtectionAim aim) => aim == ProtectionAim.Protect
        ? Endpoint ?? throw new InvalidOperationException("There is no endpoint to protect.")
        : null;

    /// <summary>Before a change is offered: on the control plane the certificate may still lack the name.</summary>
    public Task RequireReachAsync(ApiEndpoint endpoint, CancellationToken ct) =>
        new ApiReach(Machine, endpoint, Time).RequireAsync(withName: !IsControlPlane, ct);

    /// <summary>Before a change is made: whoever is pointed at the name must be able to check it.</summary>
    public Task RequireNameAsync(ApiEndpoint endpoint, CancellationToken ct) =>
        new ApiReach(Machine, endpoint, Time).RequireAsync(withName: true, ct);

    public KubernetesApi Open() => Connect(Kubeconfig.TryLoad(Machine, KubeconfigPath)
        ?? throw new SalvorException(ErrorCode.NotFound, $"There is no {Machine.PathOf(KubeconfigPath)}.")
        {
            Hint = "Run this on the control-plane machine, or name an administrator's kubeconfig with --kubeconfig.",
        });
}
