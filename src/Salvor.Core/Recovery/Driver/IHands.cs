using Salvor.Recovery.Engine;

namespace Salvor.Recovery.Driver;

/// <summary>Does the steps of plans.</summary>
public interface IHands
{
    /// <summary>
    /// Does a step, or finds that what it is for is so already: it may be asked for the same one twice.
    /// </summary>
    Task<StepReport> DoAsync(StepOrder order, CancellationToken ct);
}
