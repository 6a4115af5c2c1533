using System.Collections.Immutable;
using System.Text.Json;
using Salvor.Errors;

namespace Salvor.Recovery.Gate;

/// <summary>What the gate saw and did, as it lies beside a held manifest and in the repository.</summary>
public sealed record GateRecord
{
    public required DateTimeOffset At { get; init; }

    /// <summary>The machine's name.</summary>
    public required string Machine { get; init; }

    public required GateDecision Decision { get; init; }

    /// <summary>Reasons, each a sentence.</summary>
    public required ImmutableArray<GateReason> Reasons { get; init; }

    /// <summary>The machine's etcd by its stamp; null where it has none.</summary>
    public string? ClusterId { get; init; }

    public string? MemberId { get; init; }

    public int? Timeline { get; init; }

    /// <summary>The newest timeline of the repository, where that answered.</summary>
    public int? NewestTimeline { get; init; }

    /// <summary>Whether a person or the kernel's command line broke the glass.</summary>
    public required GateSwitch Switch { get; init; }

    public byte[] ToJson() => [.. JsonSerializer.SerializeToUtf8Bytes(this, GateJson.Default.GateRecord), (byte)'\n'];

    /// <exception cref="SalvorException">It is none of the gate's.</exception>
    public static GateRecord Read(string source, ReadOnlySpan<byte> json)
    {
        try
        {
            if (JsonSerializer.Deserialize(json, GateJson.Default.GateRecord) is { Reasons.IsDefault: false } record)
            {
                return record;
            }
        }
        catch (JsonException e)
        {
            throw Bad(source, e);
        }

        throw Bad(source, inner: null);
    }

    private static SalvorException Bad(string source, Exception? inner) =>
        new(ErrorCode.WrongKind, $"{source} is not as the gate writes it.", inner);
}
