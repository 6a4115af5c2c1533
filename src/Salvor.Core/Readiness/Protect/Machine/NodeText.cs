using Salvor.Platform;

namespace Salvor.Readiness.Protect.Machine;

/// <summary>A small text file of the machine, as it was read.</summary>
/// <param name="Path">Where it is, with the root directory.</param>
/// <param name="Text">All of it.</param>
/// <param name="Status">What it was then: equal means unchanged.</param>
public sealed record NodeText(string Path, string Text, FileStatus Status);
