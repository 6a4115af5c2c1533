namespace Salvor.Compare;

/// <summary>What was written, and the newest revision that it came to.</summary>
public sealed record ChangeReport(int Puts, long ValueBytes, long Revision);
