namespace Salvor.Progress;

/// <summary>How far a piece of long work has come.</summary>
/// <param name="Stage">What is being done, as in "streaming the snapshot"; lower case, no full stop.</param>
/// <param name="DoneBytes">Bytes done in this stage.</param>
/// <param name="TotalBytes">Bytes that the stage has in all; 0 when nobody knows yet.</param>
public readonly record struct WorkProgress(string Stage, long DoneBytes, long TotalBytes);
