namespace Salvor.Lab.Cloud.Model;

/// <summary>A volume beside the root disk that RunInstances is to make.</summary>
public sealed record DiskOrder(string Device, int SizeGiB, string? Snapshot, bool DeleteOnTermination);
