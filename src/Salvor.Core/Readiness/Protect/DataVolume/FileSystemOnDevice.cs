namespace Salvor.Readiness.Protect.DataVolume;

/// <summary>A file system by what it is found by, whatever its device is called today.</summary>
/// <param name="Uuid">Its UUID.</param>
/// <param name="Type">"ext4", "xfs".</param>
internal sealed record FileSystemOnDevice(string Uuid, string Type)
{
    /// <summary>The link that udev makes.</summary>
    public string Link => $"/dev/disk/by-uuid/{Uuid}";
}
