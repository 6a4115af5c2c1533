namespace Salvor.Errors;

/// <summary>The world did not do what was asked: a sentence for the user, a code for programs, and a way out.</summary>
public class SalvorException(ErrorCode code, string message, Exception? inner = null) : Exception(message, inner)
{
    public ErrorCode Code { get; } = code;

    /// <summary>Whether the same call may succeed later without anybody's help.</summary>
    public bool IsTransient { get; init; }

    /// <summary>What the user can do about it, as a full sentence.</summary>
    public string? Hint { get; init; }
}
