namespace Salvor.Tests.Shared;

/// <summary>How much a run may take: SALVOR_TEST_LEVEL is "fast", "normal" (also when unset) or "full".</summary>
public static class TestLevel
{
    private static readonly string Name = Environment.GetEnvironmentVariable("SALVOR_TEST_LEVEL") ?? "normal";

    public static bool IsFast => Name == "fast";

    public static bool IsFull => Name == "full";

    /// <summary>The value that fits the level, such as a number of seeds or mutations.</summary>
    public static T Choose<T>(T fast, T normal, T full) => IsFast ? fast : IsFull ? full : normal;
}
