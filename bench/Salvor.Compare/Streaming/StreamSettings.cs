namespace Salvor.Compare.Streaming;

/// <summary>How the tasks around <c>salvor stream</c> are measured.</summary>
/// <param name="MotoServer">The program that serves an S3: eng/moto-server.</param>
/// <param name="Window">How long the loss window is watched.</param>
/// <param name="Round">How long each round of put latencies is.</param>
/// <param name="Memory">How long the memory of the stream is watched.</param>
public sealed record StreamSettings(string MotoServer, TimeSpan Window, TimeSpan Round, TimeSpan Memory);
