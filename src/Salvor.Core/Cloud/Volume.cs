namespace Salvor.Cloud;

/// <summary>One volume, as its cloud describes it.</summary>
public sealed record Volume
{
    public required VolumeId Id { get; init; }

    public required VolumeState State { get; init; }

    /// <summary>The zone that it can be used in; null when the cloud did not say.</summary>
    public string? Zone { get; init; }

    /// <summary>Its size; null when the cloud did not say.</summary>
    public int? SizeGiB { get; init; }

    /// <summary>The type, such as <c>gp3</c>; null when the cloud did not say.</summary>
    public string? Type { get; init; }

    /// <summary>Whether it is encrypted; null when the cloud did not say.</summary>
    public bool? IsEncrypted { get; init; }

    public IReadOnlyList<VolumeAttachment> Attachments { get; init; } = [];
}
