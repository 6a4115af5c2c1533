using System.Collections.Immutable;
using Salvor.Recovery.Ladder;

namespace Salvor.Configuration;

/// <summary>What may be done about a control plane that fails, and what is looked at.</summary>
public sealed record RecoveryConfig
{
    private const string Section = "recovery";

    /// <summary>What may be done without a word from anybody: advise, approve or automatic; null for advise.</summary>
    public string? Mode { get; init; }

    public GuardConfig Guard { get; init; } = new();

    public ImmutableArray<string> Validate()
    {
        var faults = new ConfigFaults();
        faults.AddIf(Mode is not null && ModeOf(Mode) is null, $"{Section}.mode",
            $"'{Mode}' is none of advise, approve and automatic.");
        faults.AddAll(Guard.Validate());
        return faults.ToImmutable();
    }

    /// <summary>The mode that the file asks for; null where it does not.</summary>
    public RecoveryMode? ReadMode() => ModeOf(Mode);

    private static RecoveryMode? ModeOf(string? text) => text switch
    {
        "advise" => RecoveryMode.Advise,
        "approve" => RecoveryMode.Approve,
        "automatic" => RecoveryMode.Automatic,
        _ => null,
    };
}
