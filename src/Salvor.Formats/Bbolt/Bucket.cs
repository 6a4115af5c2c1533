using System.Text;

namespace Salvor.Formats.Bbolt;

/// <summary>A top-level bucket.</summary>
/// <param name="Name">Its name; ASCII in etcd.</param>
/// <param name="Root">The root page of its tree, or page 0 when it is inline.</param>
/// <param name="InlinePage">The leaf page image of an inline bucket.</param>
/// <param name="ParentLeaf">The page of the root bucket that holds its element.</param>
public sealed record Bucket(byte[] Name, PageId Root, byte[] InlinePage, PageId ParentLeaf)
{
    public bool IsInline => Root.Value == 0;

    public string NameText => Encoding.UTF8.GetString(Name);
}
