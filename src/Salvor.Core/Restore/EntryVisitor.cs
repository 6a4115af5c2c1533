namespace Salvor.Restore;

/// <summary>Shown the entries of a bucket in key order; the spans are valid during the call only.</summary>
internal delegate void EntryVisitor(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);
