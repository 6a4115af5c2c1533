using Salvor.Errors;

namespace Salvor.Recovery.Shared;

/// <summary>What a pause's object holds: somebody works on the cluster, and recoveries begin nothing new.</summary>
public sealed record PauseNotice
{
    /// <summary>The longest that a pause may last: a forgotten one must end.</summary>
    public static readonly TimeSpan LengthMax = TimeSpan.FromDays(7);

    private const int TextLengthMax = 500;

    /// <summary>Until when, by everybody's own clock.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>When it was said.</summary>
    public required DateTimeOffset Written { get; init; }

    public required string Who { get; init; }

    public required string Why { get; init; }

    /// <summary>The word that ends whatever pause there is.</summary>
    public static PauseNotice End(DateTimeOffset now, string who) =>
        new() { Until = now, Written = now, Who = who, Why = "It was ended." };

    /// <exception cref="SalvorException">It can't be.</exception>
    internal PauseNotice Checked() => Fault() is { } fault
        ? throw new SalvorException(ErrorCode.Usage, $"This pause can't be: {fault}.")
        : this;

    /// <summary>What breaks the format's rules; null when nothing does.</summary>
    internal string? Fault() =>
        Until - Written > LengthMax ? $"it lasts longer than {LengthMax.TotalDays:0} days"
        : Who.Length > TextLengthMax || Why.Length > TextLengthMax ? "its texts are too long"
        : null;
}
