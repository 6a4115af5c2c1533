namespace Salvor.Readiness.Protect.DataVolume;

/// <summary>Where the device for etcd's data comes from.</summary>
public interface IVolumeSource
{
    /// <summary>Says what will be used, and what that takes. Changes nothing.</summary>
    /// <exception cref="Errors.SalvorException">It can't be used.</exception>
    Task<string> LookAsync(CancellationToken ct);

    /// <summary>The device's path on the machine, there and ready to be used.</summary>
    Task<string> ProvideAsync(CancellationToken ct);
}
