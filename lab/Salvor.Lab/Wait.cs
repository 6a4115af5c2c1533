using System.Diagnostics;

namespace Salvor.Lab;

/// <summary>Waits for something that nobody announces.</summary>
public static class Wait
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Waits until something is so.</summary>
    /// <returns>How long it took.</returns>
    /// <exception cref="LabException">It was not so in time.</exception>
    public static async Task<TimeSpan> UntilAsync(
        string what, Func<CancellationToken, Task<bool>> isSo, TimeSpan patience, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await isSo(cancel).ConfigureAwait(false))
        {
            if (Stopwatch.GetElapsedTime(start) > patience)
            {
                throw new LabException($"No sign of {what} after {patience.TotalSeconds:0} s.");
            }

            await Task.Delay(Pause, cancel).ConfigureAwait(false);
        }

        return Stopwatch.GetElapsedTime(start);
    }
}
