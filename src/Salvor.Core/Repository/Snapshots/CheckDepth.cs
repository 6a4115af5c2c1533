using System.Text.Json.Serialization;

namespace Salvor.Repository.Snapshots;

/// <summary>How much of a snapshot a check has read.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CheckDepth>))]
public enum CheckDepth
{
    /// <summary>Manifest, presence and directories of its packs; no page.</summary>
    [JsonStringEnumMemberName("structure")]
    Structure,

    /// <summary>And some of its packs from end to end.</summary>
    [JsonStringEnumMemberName("sample")]
    Sample,

    /// <summary>And every page.</summary>
    [JsonStringEnumMemberName("all")]
    All,
}
