namespace Salvor.Formats.Bbolt;

/// <summary>A broken rule of a bucket's tree, and the keys that can't be reached because of it.</summary>
/// <param name="Code">Stable name of the rule, as in <c>bbolt.page.kind</c>.</param>
/// <param name="Page">The page it was seen on.</param>
/// <param name="Offset">Byte offset of that page in the file.</param>
/// <param name="Message">What is wrong, as a sentence part.</param>
/// <param name="LowerBound">Keys from here on may be missing; null: from the first key of the bucket.</param>
/// <param name="UpperBound">Up to, not including, here; null: to the last key.</param>
/// <param name="IsPageLost">Whether the whole page below the fault is passed over.</param>
public sealed record TreeFault(
    string Code,
    PageId Page,
    long Offset,
    string Message,
    byte[]? LowerBound,
    byte[]? UpperBound,
    bool IsPageLost)
{
    /// <summary>
    /// Whether keys may be missing because of it; else only the tree's shape is not as bbolt leaves it.
    /// </summary>
    public bool LosesData => IsPageLost || Code == BboltImage.BadBucketCode;
}
