namespace Salvor.Tests.Recovery;

/// <summary>A machine's monotonic clock and its wall clock, each moved by the test.</summary>
internal sealed class TwoClocks : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private TimeSpan _steady;
    private TimeSpan _wall;

    public override long TimestampFrequency => 7_000_000;

    public override long GetTimestamp() => (long)(_steady.TotalSeconds * TimestampFrequency);

    public override DateTimeOffset GetUtcNow() => Start + _wall;

    /// <summary>Time goes by.</summary>
    public void Pass(double seconds)
    {
        _steady += TimeSpan.FromSeconds(seconds);
        _wall += TimeSpan.FromSeconds(seconds);
    }

    /// <summary>Somebody sets the wall clock, or the machine sleeps, which only that one sees.</summary>
    public void Set(double seconds) => _wall += TimeSpan.FromSeconds(seconds);
}
