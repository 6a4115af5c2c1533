namespace Salvor.Platform;

/// <summary>Runs programs of the machine that are asked something, or told to do one thing, and end.</summary>
public interface IProcessRunner
{
    /// <summary>Runs a program without a shell, to its end.</summary>
    /// <param name="program">Its path, or a name that is looked for in PATH.</param>
    /// <param name="arguments">As the program gets them.</param>
    /// <param name="limit">How long it may take. Then it is ended, with all that it started.</param>
    /// <param name="ct">Ends it too.</param>
    /// <returns>Null when there is no such program.</returns>
    /// <exception cref="Errors.SalvorException">It took too long.</exception>
    Task<ProcessResult?> RunAsync(
        string program, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken ct);
}
