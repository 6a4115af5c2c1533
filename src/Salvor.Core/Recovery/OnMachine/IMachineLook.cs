using Salvor.Recovery.Evidence;

namespace Salvor.Recovery.OnMachine;

/// <summary>One of the things that an agent looks at.</summary>
public interface IMachineLook
{
    /// <summary>One look. What can't be seen is left out.</summary>
    Task<Observations> LookAsync(CancellationToken ct);
}
