using Salvor.Errors;
using Salvor.Formats;
using Salvor.Recovery.Driver;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Shared;

namespace Salvor.Recovery.Outside;

/// <summary>Tells a driver of the pause that is in the repository, before each of its turns.</summary>
/// <remarks>A pause that can't be read may be one: nothing new is begun until it is known.</remarks>
internal sealed class PauseHeed(StorePause pause, TimeProvider time, Action<string> say)
{
    private static readonly TimeSpan Unread = TimeSpan.FromMinutes(2);

    private DateTimeOffset? _told;

    public async Task TellAsync(RecoveryDriver driver, CancellationToken ct)
    {
        var until = await UntilAsync(ct);
        if (until == _told)
        {
            return;
        }

        _told = until;
        if (until is { } then)
        {
            driver.Post(moment => new RecoveryEvent.Paused(moment, then));
        }
        else
        {
            say("goes on: the pause is over");
            driver.Post(moment => new RecoveryEvent.Resumed(moment));
        }
    }

    private async Task<DateTimeOffset?> UntilAsync(CancellationToken ct)
    {
        try
        {
            if (await pause.FindAsync(ct) is not { } notice)
            {
                return null;
            }

            say($"rests until {notice.Until:u}: {notice.Who} says: {notice.Why}");
            return notice.Until;
        }
        catch (Exception e) when (e is SalvorException or CorruptDataException)
        {
            say($"rests: whether there is a pause can't be read: {e.Message}");
            return time.GetUtcNow() + Unread;
        }
    }
}
