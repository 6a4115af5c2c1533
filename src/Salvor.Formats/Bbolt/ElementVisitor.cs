namespace Salvor.Formats.Bbolt;

/// <summary>Shown each element of a bucket in turn; the spans are valid during the call only.</summary>
public delegate void ElementVisitor(LeafElement element);
