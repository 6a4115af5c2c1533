namespace Salvor.LabTests.Cloud;

/// <summary>A clock that the test moves.</summary>
internal sealed class HandClock : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    public TimeSpan Elapsed { get; set; }

    public override DateTimeOffset GetUtcNow() => Start + Elapsed;
}
