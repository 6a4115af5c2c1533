namespace Salvor.Platform;

/// <summary>How large a file system is, and what is left of it for root.</summary>
/// <param name="TotalBytes">Its size.</param>
/// <param name="FreeBytes">What root may still write, the part that is kept back for it included.</param>
/// <param name="TotalInodes">How many files it can have; 0 where it makes inodes as it needs them.</param>
/// <param name="FreeInodes">How many more.</param>
public readonly record struct FileSystemSpace(long TotalBytes, long FreeBytes, long TotalInodes, long FreeInodes);
