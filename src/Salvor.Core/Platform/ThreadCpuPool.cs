namespace Salvor.Platform;

/// <summary>Runs each piece of work on a thread of the runtime's pool.</summary>
public sealed class ThreadCpuPool : ICpuPool
{
    public Task<T> Run<T>(Func<T> work, CancellationToken ct) => Task.Run(work, ct);
}
