using Salvor.IntegrationTests.ObjectStore;

namespace Salvor.IntegrationTests.Repository;

/// <summary>Draws for each request to a store what goes wrong with it, if anything does.</summary>
internal sealed class StoreChaos(int seed)
{
    private static readonly TimeSpan HangTime = TimeSpan.FromSeconds(1);

    private readonly Random _random = new(seed);
    private readonly Lock _gate = new();

    /// <summary>How many of a hundred requests something happens to.</summary>
    public int Percent { get; set; } = 40;

    /// <summary>How many requests something happened to.</summary>
    public int Faults { get; private set; }

    public ProxyAction Decide(ProxiedRequest request)
    {
        lock (_gate)
        {
            if (_random.Next(100) >= Percent)
            {
                return ProxyAction.Forward;
            }

            Faults++;
            return _random.Next(7) switch
            {
                0 => new ProxyAction.Answer(503, "SlowDown"),
                1 => new ProxyAction.Answer(500, "InternalError"),
                2 => new ProxyAction.ResetMidway(),
                3 or 4 => new ProxyAction.LoseAnswer(),
                5 => new ProxyAction.CutAnswer(_random.Next(1, 100)),
                _ => new ProxyAction.Hang(Task.Delay(HangTime)),
            };
        }
    }
}
