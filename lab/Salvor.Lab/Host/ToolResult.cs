namespace Salvor.Lab.Host;

/// <summary>How a program ended.</summary>
/// <param name="Code">Its exit code, or <see cref="TimedOut"/>.</param>
/// <param name="Output">What it wrote to its standard output.</param>
/// <param name="Error">What it wrote to its standard error.</param>
public sealed record ToolResult(int Code, string Output, string Error)
{
    /// <summary>The code of a program that was ended since it took too long.</summary>
    public const int TimedOut = -1;

    public bool Succeeded => Code == 0;
}
