namespace Salvor.Lab.Cloud;

/// <summary>
/// The lab's clock. Instants are real, so that signatures and statistics agree with their callers; only durations
/// shrink: at a scale of 20 the cloud's minute takes three seconds.
/// </summary>
public sealed class CloudTime(TimeProvider clock, double scale)
{
    public TimeProvider Clock => clock;

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>How long the cloud's duration really takes here.</summary>
    public TimeSpan Real(TimeSpan cloud) => cloud / scale;
}
