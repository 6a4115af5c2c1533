using System.Collections.Immutable;

namespace Salvor.Recovery.Outside;

/// <summary>Which alarms a recovery has silenced, and has to let act again.</summary>
public sealed record SilencedAlarms
{
    internal const int NamesMax = 200;

    private const int NameLengthMax = 255;

    /// <summary>The machine that they watch.</summary>
    public required string Machine { get; init; }

    /// <summary>Their names; none where all may act.</summary>
    public required ImmutableArray<string> Names { get; init; }

    /// <summary>When, by the writer's clock. For people: no rule reads it.</summary>
    public required DateTimeOffset Written { get; init; }

    /// <summary>What breaks the format's rules; null when nothing does.</summary>
    internal string? Fault() =>
        Names.IsDefault || Names.Length > NamesMax ? "it has too many names, or none at all"
        : Names.Any(name => name is not { Length: > 0 and <= NameLengthMax }) ? "a name is empty or too long"
        : null;
}
