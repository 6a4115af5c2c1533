namespace Salvor.Formats.Bbolt;

/// <summary>The flags of a page header. Exactly one is set in a good file.</summary>
public enum PageKind : ushort
{
    Branch = 0x01,
    Leaf = 0x02,
    Meta = 0x04,
    Freelist = 0x10,
}
