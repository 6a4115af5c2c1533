using Salvor.Recovery.Evidence;

namespace Salvor.Recovery.Driver;

/// <summary>Looks at a control plane.</summary>
public interface ILookout
{
    /// <summary>
    /// One look, which ends in bounded time whatever hangs. What can't be seen is unknown; nothing is thrown for it.
    /// </summary>
    Task<Observations> LookAsync(CancellationToken ct);
}
