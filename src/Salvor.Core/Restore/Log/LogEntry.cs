using Salvor.Formats.Etcd;

namespace Salvor.Restore.Log;

/// <summary>An entry of etcd's <c>key</c> bucket, as the log gives it.</summary>
/// <param name="Key">The bucket's key.</param>
/// <param name="Value">The bucket's value; valid until the next entry is asked for.</param>
public readonly record struct LogEntry(RevisionKey Key, ReadOnlyMemory<byte> Value);
