namespace Salvor.Formats.RaftWal;

/// <summary>A place in a WAL.</summary>
/// <param name="Segment">Which of the segments, counted from 0 in the order given.</param>
/// <param name="Offset">Byte offset in its file.</param>
public readonly record struct WalPosition(int Segment, long Offset);
