using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Ladder;
using Salvor.Recovery.Outside;
using Salvor.Repository;
using Salvor.Tests.Support;

namespace Salvor.Tests.Recovery.Outside;

/// <summary>A guard's hands on a cloud in memory, on a clock on which nobody waits.</summary>
internal sealed class HandsBench
{
    private readonly OpenRepository _repository;
    private readonly GuardHands _hands;

    public HandsBench(string? device = "/dev/sdf")
    {
        _repository = new OpenRepository(Store, TestRepository.Sealer());
        _hands = new GuardHands(
            TargetOf("guard-a", device), Cloud.OpenAsync, _ => Task.FromResult(_repository), () => IsHeld, Look, Time);
    }

    public OutsideCloud Cloud { get; } = new();

    public MemoryStore Store { get; } = new();

    public LeapingTime Time { get; } = new();

    public bool IsHeld { get; set; } = true;

    /// <summary>What the next looks show.</summary>
    public Func<Observations> Seen { get; set; } = () => Observations.None;

    public static GuardTarget TargetOf(string guard, string? device = null) => new()
    {
        Guard = HolderId.TryParse(guard, out var id) ? id : throw new ArgumentException(guard, nameof(guard)),
        Cluster = "prod",
        Endpoint = new Uri("https://api.example.com:6443"),
        Machine = OutsideCloud.Id,
        EtcdVolume = OutsideCloud.EtcdVolume,
        EtcdDevice = device,
    };

    public Task<StepReport> DoAsync(StepKind step, Rung rung = Rung.StopStart, string plan = "plan-1") =>
        _hands.DoAsync(
            new StepOrder(plan, CauseId.MachineHung, rung, step), TestContext.Current.CancellationToken);

    private Task<Observations> Look(CancellationToken ct)
    {
        Time.Advance(TimeSpan.FromSeconds(15));
        return Task.FromResult(Seen());
    }
}
