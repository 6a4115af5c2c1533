namespace Salvor.Cloud;

/// <summary>A check that a cloud makes of a machine, with its parts.</summary>
public sealed record StatusCheck(CheckStatus Status, IReadOnlyList<StatusCheckDetail> Details)
{
    /// <summary>A check of which the cloud said nothing.</summary>
    public static readonly StatusCheck Unknown = new(CheckStatus.Unknown, []);

    /// <summary>Since when the first of the failing parts fails; null when none does, or it was not said.</summary>
    public DateTimeOffset? ImpairedSince => Details.Min(detail => detail.ImpairedSince);
}
