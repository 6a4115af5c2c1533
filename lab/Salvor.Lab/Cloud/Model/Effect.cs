namespace Salvor.Lab.Cloud.Model;

/// <summary>Something that the host is to do once it is due, and what the region makes of the outcome.</summary>
/// <param name="Due">When.</param>
/// <param name="Target">The instance or volume that it is about.</param>
/// <param name="IsStop">Whether the fault "stuck stopping" holds it back.</param>
/// <param name="Act">The work; its result goes to <paramref name="Done"/>.</param>
/// <param name="Done">Changes the region. Called with false when the work failed or was refused.</param>
public sealed record Effect(
    DateTimeOffset Due, string Target, bool IsStop, Func<IMachineHost, CancellationToken, Task<bool>> Act,
    Action<bool> Done);
