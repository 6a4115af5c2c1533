namespace Salvor.Compare;

/// <summary>One run of one program.</summary>
public sealed record Sample(TimeSpan Wall, TimeSpan Cpu, long PeakBytes);
