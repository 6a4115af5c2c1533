namespace Salvor.Platform;

/// <summary>Nobody started this process as a daemon.</summary>
public sealed class NoServiceManager : IServiceManager
{
    public TimeSpan? WatchdogInterval => null;

    public void Ready()
    {
        // Nobody asks.
    }

    public void Watchdog()
    {
        // Nobody asks.
    }

    public void Stopping()
    {
        // Nobody asks.
    }

    public void Status(string text)
    {
        // Nobody asks.
    }
}
