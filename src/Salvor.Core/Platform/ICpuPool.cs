namespace Salvor.Platform;

/// <summary>Where CPU work runs beside the caller: threads in the product, inline in simulation.</summary>
public interface ICpuPool
{
    Task<T> Run<T>(Func<T> work, CancellationToken ct);
}
