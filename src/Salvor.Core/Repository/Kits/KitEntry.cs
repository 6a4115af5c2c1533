using System.Text.Json.Serialization;

namespace Salvor.Repository.Kits;

/// <summary>One file, directory or symbolic link of a machine.</summary>
public sealed record KitEntry
{
    /// <summary>Absolute, without "." and "..".</summary>
    public required string Path { get; init; }

    /// <summary>Permission bits; 0 for a link, which has none.</summary>
    public required int Mode { get; init; }

    /// <summary>User id of the owner.</summary>
    public required uint Owner { get; init; }

    public required uint Group { get; init; }

    /// <summary>What is in the file; null for what is no file.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? Content { get; init; }

    /// <summary>Where the link leads; null for what is no link.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Target { get; init; }

    internal bool IsDirectory => Content is null && Target is null;
}
