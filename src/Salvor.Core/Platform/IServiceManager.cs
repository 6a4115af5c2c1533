namespace Salvor.Platform;

/// <summary>
/// Tells whoever started this daemon how it is. Nothing here ever fails: the daemon's work comes first.
/// </summary>
public interface IServiceManager
{
    /// <summary>
    /// How often <see cref="Watchdog"/> should be called: half the time after which the daemon would be ended for its
    /// silence; null where nobody asked for it.
    /// </summary>
    TimeSpan? WatchdogInterval { get; }

    /// <summary>The daemon has begun its work.</summary>
    void Ready();

    /// <summary>The daemon's work goes on: to be called by the work itself, never by a timer beside it.</summary>
    void Watchdog();

    /// <summary>The daemon was told to end, and does.</summary>
    void Stopping();

    /// <summary>What it does now, in a sentence for whoever asks for its status.</summary>
    void Status(string text);
}
