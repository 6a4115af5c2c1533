namespace Salvor.Compare;

/// <summary>The most that a task of ours may cost; null where nothing is promised.</summary>
/// <param name="RatioMax">Wall time as a multiple of theirs.</param>
/// <param name="PeakBytesMax">Peak resident memory, in bytes.</param>
public sealed record Budget(double? RatioMax = null, long? PeakBytesMax = null);
