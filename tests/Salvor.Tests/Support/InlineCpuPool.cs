using Salvor.Platform;

namespace Salvor.Tests.Support;

/// <summary>Runs the work at once, on the caller's thread: what it allocates and throws is seen there.</summary>
internal sealed class InlineCpuPool : ICpuPool
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
