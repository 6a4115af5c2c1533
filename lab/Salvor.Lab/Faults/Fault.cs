namespace Salvor.Lab.Faults;

/// <summary>Something that breaks, on demand and reversibly.</summary>
/// <param name="Name">What the command line calls it, such as <c>apiserver-kill</c>.</param>
/// <param name="About">What breaks, in a few words.</param>
/// <param name="Inject">Breaks it.</param>
/// <param name="Heal">Mends it. Does no harm where nothing is broken.</param>
/// <param name="Observe">What proves that it is in force, or null while it is not.</param>
public sealed record Fault(
    string Name, string About,
    Func<Laboratory, CancellationToken, Task> Inject,
    Func<Laboratory, CancellationToken, Task> Heal,
    Func<Laboratory, CancellationToken, Task<string?>> Observe);
