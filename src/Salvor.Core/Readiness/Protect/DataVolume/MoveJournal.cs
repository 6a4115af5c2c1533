using System.Globalization;
using Salvor.Errors;
using Salvor.Readiness.Protect.Machine;

namespace Salvor.Readiness.Protect.DataVolume;

/// <summary>What another process needs to go on with a move, or to roll it back, after a crash.</summary>
internal sealed class MoveJournal(ProtectionRecord record)
{
    private const string Item = "etcd-volume-move";
    private const string StepKey = "step";
    private const string AsideKey = "aside";
    private const string DeviceKey = "device";
    private const string RevisionKey = "revision";

    /// <summary>Null where no move is unfinished.</summary>
    public MoveStep? Step => record.Of(Item).GetValueOrDefault(StepKey) is not { } text
        ? null
        : Enum.TryParse<MoveStep>(text, out var step) && Enum.IsDefined(step)
            ? step
            : throw new SalvorException(ErrorCode.NewerFormat,
                $"A move of etcd's data is at '{text}', unknown here.")
            {
                Hint = "Finish it with the salvor that began it.",
            };

    /// <summary>Where the old directory goes.</summary>
    public string Aside => Text(AsideKey);

    /// <summary>The device that the data goes to.</summary>
    public string Device => Text(DeviceKey);

    /// <summary>The keyspace's revision in the copy: a later one on the volume means that it took writes.</summary>
    public long Revision => long.Parse(Text(RevisionKey), CultureInfo.InvariantCulture);

    public void Begin(string device, string aside) => record.Remember(
        Item, [new(StepKey, nameof(MoveStep.Copy)), new(DeviceKey, device), new(AsideKey, aside)]);

    public void Swap(long revision) => record.Remember(
        Item,
        [new(StepKey, nameof(MoveStep.Swap)), new(RevisionKey, revision.ToString(CultureInfo.InvariantCulture))]);

    public void Start() => record.Remember(Item, [new(StepKey, nameof(MoveStep.Start))]);

    public void End() => record.Forget(Item);

    private string Text(string key) => record.Of(Item).GetValueOrDefault(key)
        ?? throw new InvalidOperationException($"The record of the move has no {key}.");
}
