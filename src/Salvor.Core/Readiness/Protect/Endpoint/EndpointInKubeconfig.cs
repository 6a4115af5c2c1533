using Salvor.Errors;
using Salvor.Platform;

namespace Salvor.Readiness.Protect.Endpoint;

/// <summary>
/// The kubeconfig that leaves the machine, or that must outlive the control plane's address, names the endpoint.
/// </summary>
/// <remarks>
/// That is admin.conf on the control plane, which people copy, and kubelet.conf on a worker. What runs beside the API
/// server goes on speaking to the local address: it needs neither a resolver nor what is before the API.
/// </remarks>
public sealed class EndpointInKubeconfig(EndpointWork work, string path, IProcessRunner processes) : IProtection
{
    /// <summary>A worker's.</summary>
    public const string KubeletPath = "/etc/kubernetes/kubelet.conf";

    private const string ItemName = "endpoint-kubeconfig";
    private const string RestartItem = ItemName + "-restart";
    private const string Unit = "kubelet.service";

    private static readonly TimeSpan RestartLimit = TimeSpan.FromSeconds(120);

    private readonly EndpointSettings _settings = new(work.Record, ItemName, KubeconfigText.Wanted);

    public string Section => "node";

    public string Name => ItemName;

    public string Purpose => IsKubelets
        ? "kubelet finds the API by its name, wherever the control plane is."
        : "An administrator finds the API by its name, wherever the control plane is.";

    public async Task<ProtectionLook> LookAsync(ProtectionAim aim, CancellationToken ct)
    {
        if (aim == ProtectionAim.Remove && !_settings.IsRecorded && !IsRestartDue)
        {
            return new ProtectionLook { State = ProtectionState.InForce, Found = "nothing that protect changed" };
        }

        if (work.Machine.TryRead(path) is not { } file)
        {
            return new ProtectionLook
            {
                State = ProtectionState.NotApplicable,
                Note = $"There is no {work.Machine.PathOf(path)}.",
            };
        }

        var target = work.Target(aim);
        var text = new KubeconfigText(file.Path, file.Text);
        var wanted = _settings.Wanted(target, text);
        var differs = EndpointSettings.Differs(text, wanted);
        if (differs && target is not null)
        {
            await work.RequireReachAsync(target, ct);
        }

        var then = IsKubelets ? "kubelet is restarted, its pods go on" : "nothing restarts";
        return new ProtectionLook
        {
            State = differs || IsRestartDue ? ProtectionState.Differs : ProtectionState.InForce,
            Found = EndpointSettings.Describe(text, wanted),
            Wanted = EndpointSettings.Describe(wanted),
            Change = differs ? $"edit {file.Path}; {then}"
                : IsRestartDue ? "restart kubelet, which an earlier run did not get to" : null,
        };
    }

    public async Task ChangeAsync(ProtectionAim aim, CancellationToken ct)
    {
        var target = work.Target(aim);
        if (target is not null)
        {
            await work.RequireNameAsync(target, ct);
        }

        if (work.Machine.TryRead(path) is { } file)
        {
            Edit(new KubeconfigText(file.Path, file.Text), target, text => work.Machine.Replace(file, text));
        }

        if (IsRestartDue)
        {
            await RestartKubeletAsync(ct);
            work.Record.Forget(RestartItem);
        }
    }

    private bool IsKubelets => path == KubeletPath;

    private bool IsRestartDue => work.Record.Of(RestartItem).Count > 0;

    private void Edit(KubeconfigText text, ApiEndpoint? target, Action<string> write)
    {
        var wanted = _settings.Wanted(target, text);
        if (EndpointSettings.Differs(text, wanted))
        {
            var edited = text.With(wanted);
            if (target is not null)
            {
                _settings.Remember(target, text);
            }

            if (IsKubelets && work.Machine.IsThisMachine)
            {
                work.Record.Remember(RestartItem, [new("restart", "due")]);
            }

            write(edited);
        }

        if (target is null)
        {
            _settings.Forget();
        }
    }

    private async Task RestartKubeletAsync(CancellationToken ct)
    {
        var answer = await processes.RunAsync("systemctl", ["restart", Unit], RestartLimit, ct);
        if (answer is not { ExitCode: 0 })
        {
            var why = answer is null ? "there is no systemctl" : $"{answer.ExitCode}: {answer.Error.Trim()}";
            throw new SalvorException(ErrorCode.Failed,
                $"{path} is as wanted, but kubelet was not restarted: systemctl restart {Unit} failed ({why}).")
            {
                Hint = $"Run systemctl restart {Unit}, or this again. Until then kubelet speaks to the old server.",
            };
        }
    }
}
