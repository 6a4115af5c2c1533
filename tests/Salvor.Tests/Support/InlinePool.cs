using Salvor.Platform;

namespace Salvor.Tests.Support;

/// <summary>Runs work at once, so that a run has one order of events.</summary>
internal sealed class InlinePool : ICpuPool
{
    public Task<T> Run<T>(Func<T> work, CancellationToken ct)
    {
        try
        {
            return Task.FromResult(work());
        }
        catch (Exception e)
        {
            return Task.FromException<T>(e);
        }
    }
}
