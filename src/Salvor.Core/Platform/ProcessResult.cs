namespace Salvor.Platform;

/// <summary>How a program ended, and what it wrote.</summary>
public sealed record ProcessResult(int ExitCode, string Output, string Error);
