namespace Salvor.Tests.Support;

/// <summary>
/// The tests in simulated time, after all others and one by one: the world tells by the thread pool, which all tests
/// share, whether anything is still under way.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SimulatedWorldGroup
{
    public const string Name = "simulated world";
}
