using Salvor.Simulation.Recovery.Model;
using Salvor.Simulation.World;

namespace Salvor.Simulation.Recovery;

/// <summary>
/// What comes and goes by itself: partitions, slow answers, processes that stand still, clocks that jump.
/// </summary>
internal sealed class Disturbances(Scene scene, List<GuardProcess> guards, Dictionary<Machine, AgentProcess> agents)
{
    private readonly TimeSpan _gapMax = TimeSpan.FromSeconds(60 + scene.Random.Next(600));
    private readonly Dictionary<ActorClock, TimeSpan> _errors = [];
    private bool _isOver;

    private Region Region => scene.Region;

    private Random Random => scene.Random;

    public void Start()
    {
        scene.Noise.Rate = 0.06 * Random.NextDouble();
        scene.Cloud.Faults = 0.15 * Random.NextDouble();
        Region.Weather.LostRequest = 0.03 * Random.NextDouble();
        Region.Weather.LostAnswer = 0.03 * Random.NextDouble();
        Region.Weather.Duplicate = 0.03 * Random.NextDouble();
        Region.Weather.Slow = 0.02 * Random.NextDouble();
        scene.Crashes = scene.Options.IsOnlyNoise ? 0 : 0.05 * Random.NextDouble();
        Next();
    }

    /// <summary>From here on nothing is disturbed.</summary>
    public void End()
    {
        _isOver = true;
        scene.Noise.Rate = scene.Cloud.Faults = scene.Crashes = 0;
        Region.Weather.Clear();
        scene.Cloud.IsOut = scene.Cloud.HasNoCapacity = scene.Cloud.StopsHang = false;
        for (var zone = 0; zone < Region.Zones; zone++)
        {
            Region.StoreCut[zone] = Region.CloudCut[zone] = false;
            for (var other = 0; other < zone; other++)
            {
                Region.Cut(zone, other, isCut: false);
            }
        }
    }

    private void Next() => scene.World.After(_gapMax * Random.NextDouble(), () =>
    {
        if (!_isOver)
        {
            Disturb();
            Next();
        }
    });

    private void Disturb()
    {
        var guard = guards[Random.Next(guards.Count)];
        var zone = Random.Next(Region.Zones);
        switch (Random.Next(scene.Options.IsOnlyNoise ? 9 : 13))
        {
            case 0:
                While(() => Region.Weather.IsOut = true, () => Region.Weather.IsOut = false, "the store is away");
                break;
            case 1:
                While(() => Region.StoreCut[zone] = true, () => Region.StoreCut[zone] = false,
                    $"zone {zone} is cut off from the store");
                break;
            case 2:
                While(() => Region.CloudCut[zone] = true, () => Region.CloudCut[zone] = false,
                    $"zone {zone} is cut off from the cloud");
                break;
            case 3:
                var other = (zone + 1) % Region.Zones;
                While(() => Region.Cut(zone, other, true), () => Region.Cut(zone, other, false),
                    $"zones {zone} and {other} are cut apart");
                break;
            case 4:
                While(() => scene.Cloud.IsOut = true, () => scene.Cloud.IsOut = false, "the cloud is away");
                break;
            case 5:
                Region.Say($"a guard in zone {guard.Zone} stands still");
                guard.Pause(TimeSpan.FromSeconds(Random.Next(90)));
                break;
            case 6:
                Region.Say("the agent stands still");
                Agent?.Pause(TimeSpan.FromSeconds(Random.Next(40)));
                break;
            case 7:
                SetClock(Random.Next(2) == 0 ? guard.Clock : Agent?.Clock ?? guard.Clock);
                break;
            case 8:
                Region.Say($"a guard in zone {guard.Zone} is started anew");
                guard.Crash();
                break;
            case 9:
                Region.Say("the agent is started anew");
                Agent?.Crash();
                break;
            case 10:
                While(() => scene.Cloud.HasNoCapacity = true, () => scene.Cloud.HasNoCapacity = false, "no capacity");
                break;
            case 11:
                While(() => scene.Cloud.StopsHang = true, () => scene.Cloud.StopsHang = false, "stops hang");
                break;
            default:
                While(() => scene.Noise.Rate += 0.3, () => scene.Noise.Rate = Math.Max(scene.Noise.Rate - 0.3, 0),
                    "probes are lost");
                break;
        }
    }

    /// <summary>Not by more than budgets can bear: a journal is dated by the clock of whoever wrote it.</summary>
    private void SetClock(ActorClock clock)
    {
        var error = GroundTruth.ClockErrorMax * ((2 * Random.NextDouble()) - 1);
        clock.SetWall(error - _errors.GetValueOrDefault(clock));
        _errors[clock] = error;
    }

    private AgentProcess? Agent => agents.GetValueOrDefault(Region.Current);

    private void While(Action begin, Action end, string what)
    {
        var most = scene.Options.IsOnlyNoise ? 40 : 240;
        Region.Say(what);
        begin();
        Region.Changed();
        scene.World.After(TimeSpan.FromSeconds(5 + Random.Next(most)), () =>
        {
            if (!_isOver)
            {
                end();
                Region.Changed();
            }
        });
    }
}
