using Salvor.Errors;
using Salvor.Formats;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;

namespace Salvor.Recovery.Shared;

/// <summary>Turns what people have said into what the engine is told: each word once.</summary>
/// <remarks>A pause that can't be read may be one: nothing new is begun until it is known.</remarks>
/// <param name="read">Reads the notices.</param>
/// <param name="time">The clock.</param>
/// <param name="say">Tells whoever runs it.</param>
public sealed class NoticeHeed(
    Func<CancellationToken, Task<Notices>> read, TimeProvider time, Action<string> say)
{
    private static readonly TimeSpan Unread = TimeSpan.FromMinutes(2);

    private DateTimeOffset? _restsUntil;
    private DateTimeOffset? _approved;
    private string? _fault;

    /// <summary>What is new, to be told to the engine before its next look.</summary>
    public async Task<IReadOnlyList<Func<Moment, RecoveryEvent>>> HearAsync(CancellationToken ct)
    {
        var heard = new List<Func<Moment, RecoveryEvent>>();
        try
        {
            var notices = await read(ct);
            HearPause(notices.Pause, heard);
            HearApproval(notices.Approval, heard);
            _fault = null;
        }
        catch (Exception e) when (e is SalvorException or CorruptDataException)
        {
            if (_fault != e.Message)
            {
                _fault = e.Message;
                say($"rests: whether there is a pause can't be read: {e.Message}");
            }

            Rest(time.GetUtcNow() + Unread, heard);
        }

        return heard;
    }

    private void HearPause(PauseNotice? pause, List<Func<Moment, RecoveryEvent>> heard)
    {
        if (pause is not null && pause.Until > time.GetUtcNow())
        {
            if (pause.Until != _restsUntil)
            {
                say($"rests until {pause.Until:u}: {pause.Who} says: {pause.Why}");
            }

            Rest(pause.Until, heard);
        }
        else if (_restsUntil is not null)
        {
            _restsUntil = null;
            say("goes on: the pause is over");
            heard.Add(moment => new RecoveryEvent.Resumed(moment));
        }
    }

    private void Rest(DateTimeOffset until, List<Func<Moment, RecoveryEvent>> heard)
    {
        if (until != _restsUntil)
        {
            _restsUntil = until;
            heard.Add(moment => new RecoveryEvent.Paused(moment, until));
        }
    }

    private void HearApproval(Approval? approval, List<Func<Moment, RecoveryEvent>> heard)
    {
        var now = time.GetUtcNow();
        if (approval is null || approval.Written == _approved || !approval.HoldsAt(now))
        {
            return;
        }

        _approved = approval.Written;
        say($"{approval.Who} approves {approval.Rung} for {approval.Cause}");
        var age = now > approval.Written ? now - approval.Written : TimeSpan.Zero;
        heard.Add(moment => new RecoveryEvent.Approved(moment, approval.Cause, approval.Rung)
        {
            // By a clock that may be ahead: a rung that was taken shortly before may have been this word's.
            GivenAt = moment.Uptime - age - Approval.SkewMax,
            Until = moment.Uptime - age + Approval.HoldsFor,
        });
    }
}
