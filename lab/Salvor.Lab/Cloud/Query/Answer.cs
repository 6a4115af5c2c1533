namespace Salvor.Lab.Cloud.Query;

/// <summary>An answer as it goes on the wire.</summary>
public readonly record struct Answer(int Status, ReadOnlyMemory<byte> Body);
