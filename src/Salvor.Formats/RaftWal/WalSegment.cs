using Salvor.Formats.Bytes;

namespace Salvor.Formats.RaftWal;

/// <summary>One file of a WAL.</summary>
public sealed record WalSegment(WalFileName Name, IByteSource Source);
