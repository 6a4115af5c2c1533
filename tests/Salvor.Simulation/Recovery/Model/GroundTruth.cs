using Salvor.Recovery.Ladder;
using Salvor.Simulation.World;

namespace Salvor.Simulation.Recovery.Model;

/// <summary>What must never happen, held against how things really are.</summary>
internal sealed class GroundTruth(Region region)
{
    /// <summary>How old what was seen may be when something is done for it, and the time that is done in.</summary>
    private static readonly TimeSpan Staleness = TimeSpan.FromSeconds(75);

    /// <summary>What mends itself within this time is left alone, by whoever could stop a machine.</summary>
    private static readonly TimeSpan LeftAlone = TimeSpan.FromSeconds(45);

    /// <summary>How long one that came back may go on once it could see that another one took its place.</summary>
    private static readonly TimeSpan StoodDownWithin = TimeSpan.FromMinutes(5);

    /// <summary>How far wall clocks may be off, either way.</summary>
    public static readonly TimeSpan ClockErrorMax = TimeSpan.FromMinutes(5);

    private readonly HashSet<int> _activated = [];
    private readonly Dictionary<(Rung Rung, Machine? Machine), List<(TimeSpan At, string Plan)>> _harm = [];
    private TimeSpan _healthySince;
    private bool _wasHealthy = true;

    /// <summary>Harmful steps that were begun, for those who expect none.</summary>
    public int Harm { get; private set; }

    private TimeSpan Now => region.Now;

    public void Check()
    {
        if (region.IsHealthy != _wasHealthy)
        {
            _wasHealthy = region.IsHealthy;
            _healthySince = Now;
            region.Say(_wasHealthy ? "the cluster is healthy" : "the cluster is not healthy");
        }

        if (region.Machines.Find(machine => machine.IsBlind && machine.KnewBetter > StoodDownWithin) is { } blind)
        {
            throw Broken($"{blind.Name} goes on, though its place is taken and it could see that");
        }

        var active = region.Machines.Where(machine => machine is { IsActive: true, IsBlind: false }).ToList();
        if (active.Count > 1)
        {
            throw Broken($"{active[0].Name} and {active[1].Name} are both active");
        }
    }

    /// <summary>Stores what a control plane wrote.</summary>
    public void Ship(Machine machine, Volume volume)
    {
        if (volume.Timeline < region.Newest)
        {
            throw Broken($"{machine.Name} ships timeline {volume.Timeline} while {region.Newest} is active");
        }

        region.Stored[volume.Timeline] = Math.Max(
            region.Stored.GetValueOrDefault(volume.Timeline), volume.Revision);
    }

    /// <summary>A timeline came into use, by what is in the store.</summary>
    public void Begun(int timeline, bool isActivation)
    {
        if (isActivation)
        {
            _activated.Add(timeline);
        }

        if (timeline <= region.Newest)
        {
            return;
        }

        region.Say($"timeline {timeline} is {(isActivation ? "active" : "begun")}");
        var old = region.Current;
        if (isActivation && old.Power is not (Power.Off or Power.Terminated))
        {
            throw Broken($"timeline {timeline} is activated while {old.Name} is {old.Power}");
        }

        if (isActivation && old.Power != Power.Terminated && (old.AlarmsEnabled || !old.IsFenced))
        {
            throw Broken($"timeline {timeline} is activated while {old.Name} is not fenced, or has its alarms");
        }

        region.Newest = timeline;
    }

    /// <summary>Data is about to be put where a machine's etcd has its own.</summary>
    public void Replace(Machine machine, long revision, int timeline)
    {
        if (machine.EtcdRuns)
        {
            throw Broken($"the data of {machine.Name} is replaced under a running etcd");
        }

        if (revision < region.Stored.GetValueOrDefault(timeline))
        {
            throw Broken($"revision {revision} is restored, and {region.Stored[timeline]} was stored");
        }

        if (machine.Volume is { Data: VolumeData.Whole } volume && machine.IsMounted && volume.Timeline >= timeline
            && volume.Revision > revision)
        {
            throw Broken($"the whole data of {machine.Name} is replaced by an older revision");
        }
    }

    /// <summary>A second machine gets the cluster's data.</summary>
    public void BeginElsewhere(Machine machine, int timeline)
    {
        if (!_activated.Contains(timeline))
        {
            throw Broken($"{machine.Name} begins timeline {timeline}, which nobody has activated");
        }
    }

    /// <summary>etcd's manifest is put back.</summary>
    public void Release(Machine machine)
    {
        if (!machine.HasGoodData)
        {
            throw Broken($"etcd of {machine.Name} is released without its data");
        }

        if (machine.Volume!.Timeline < region.Newest)
        {
            throw Broken($"etcd of {machine.Name} is released on an old timeline");
        }
    }

    public void StartAnew(Machine machine)
    {
        if (machine.Volume!.Timeline != region.Newest)
        {
            throw Broken($"{machine.Name} starts on timeline {machine.Volume.Timeline}, and {region.Newest} is active");
        }
    }

    public void StandDown(Machine machine)
    {
        if (machine.Volume is { } volume && volume.Timeline >= region.Newest)
        {
            throw Broken($"{machine.Name} stands down, and no newer timeline is active");
        }
    }

    /// <summary>A step that would hurt a healthy cluster begins to be done.</summary>
    /// <param name="plan">The plan it is of: done again, it counts once.</param>
    /// <param name="rule">The rung's rule.</param>
    /// <param name="machine">Whom it hurts.</param>
    /// <param name="isFromOutside">Whether it stops the whole machine.</param>
    public void Hurt(string plan, RungRule rule, Machine machine, bool isFromOutside)
    {
        Harm++;
        region.Say($"{rule.Rung} hurts {machine.Name} (plan {plan})");
        // An agent's budgets are its machine's, and go with it.
        var of = (rule.Rung, RungTable.Agent.Contains(rule) ? machine : null);
        var taken = _harm.TryGetValue(of, out var known) ? known : _harm[of] = [];
        if (taken.Exists(t => t.Plan == plan))
        {
            return; // It was decided on before.
        }

        taken.Add((Now, plan));
        var since = machine == region.Current ? _healthySince : TimeSpan.MaxValue;
        if (machine == region.Current && _wasHealthy && Now - since > Staleness)
        {
            throw Broken($"{rule.Rung} is done to a cluster that is healthy since {since}");
        }

        // What is gone for good does not mend itself, and can't be hurt either.
        if (machine == region.Current && machine.Power != Power.Terminated && isFromOutside && !_wasHealthy
            && Now - since < LeftAlone)
        {
            throw Broken($"{rule.Rung} is done {Now - since} after the cluster was healthy");
        }

        // Clocks run apart a little, too.
        var window = (rule.BudgetWindow * 0.97) - (2 * ClockErrorMax);
        if (taken.Count(t => Now - t.At < window) > rule.Budget + Approved(rule.Rung))
        {
            throw Broken($"{rule.Rung} is taken more often than its budget allows");
        }
    }

    /// <summary>How often a person allowed a rung, which no budget counts.</summary>
    public Dictionary<Rung, int> Approvals { get; } = [];

    public SimulationException Broken(string what) => new($"At {Now} {what}.");

    private int Approved(Rung rung) => Approvals.GetValueOrDefault(rung);
}
