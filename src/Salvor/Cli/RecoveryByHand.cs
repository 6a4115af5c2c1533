using Salvor.Daemon;
using Salvor.Errors;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Ladder;
using Salvor.Recovery.Shared;

namespace Salvor.Cli;

/// <summary>
/// Has a person's word done on this machine, and shows how: by the agent that runs, or by an agent of its own.
/// </summary>
internal sealed class RecoveryByHand(AgentOnce once, CommandContext context, bool isJson)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>A running agent hears a word within one look; what waits longer is not seen, or not certain.</summary>
    private static readonly TimeSpan BeginLimit = TimeSpan.FromMinutes(2);

    private readonly DaemonLog _log = new(context.Terminal, context.Time, isJson);

    /// <exception cref="SalvorException">It was not begun, or did not help.</exception>
    public async Task RunAsync(INoticeBoard board, Approval word, CancellationToken ct)
    {
        var before = (await once.Parts.Journal.ReadAsync(ct)).Select(entry => entry.PlanId).ToHashSet();
        using var alone = context.FileSystem.TryLockOwnFile(AgentCommand.LockFile);
        await board.PutAsync(word, ct);
        var closed = alone is null
            ? await FollowAsync(word, before, ct)
            : await DoAsync(board, word, ct);
        if (closed.Result != StepResult.Done)
        {
            throw new SalvorException(ErrorCode.Failed, $"{word.Rung} has not helped: {closed.Text}")
            {
                Hint = "salvor plan tells what is wrong now.",
            };
        }
    }

    /// <summary>The agent does it: its journal tells how.</summary>
    private async Task<JournalEntry> FollowAsync(Approval word, HashSet<string> before, CancellationToken ct)
    {
        var start = context.Time.GetTimestamp();
        var shown = 0;
        while (true)
        {
            JournalEntry[] ours =
            [
                .. (await once.Parts.Journal.ReadAsync(ct)).Where(entry => !before.Contains(entry.PlanId)
                    && entry.Cause == word.Cause && entry.Rung == word.Rung && entry.Kind != EntryKind.Page),
            ];
            foreach (var entry in ours.Skip(shown))
            {
                _log.Say(entry);
                if (entry.Kind == EntryKind.Closed)
                {
                    return entry;
                }
            }

            shown = ours.Length;
            RequireBegun(word, ours.Length > 0, start);
            await Task.Delay(Every, context.Time, ct);
        }
    }

    /// <summary>No agent runs: this command is one, for as long as it takes.</summary>
    private async Task<JournalEntry> DoAsync(INoticeBoard board, Approval word, CancellationToken ct)
    {
        JournalEntry? closed = null;
        var isBegun = false;
        var heed = new NoticeHeed(board.ReadAsync, context.Time, text => _log.Say("recover", text));
        var driver = once.Parts.Driver(RecoveryMode.Approve, heed, Journaled, (_, _) => { });
        await driver.ResumeAsync(ct);
        var start = context.Time.GetTimestamp();
        while (closed is null)
        {
            await driver.TurnAsync(ct);
            RequireBegun(word, isBegun || driver.State.Plan is not null, start);
            await Task.Delay(Every, context.Time, ct);
        }

        return closed;

        void Journaled(JournalEntry entry)
        {
            _log.Say(entry);
            if (entry.Cause == word.Cause && entry.Rung == word.Rung)
            {
                isBegun |= entry.Kind == EntryKind.Opened;
                closed = entry.Kind == EntryKind.Closed ? entry : closed;
            }
        }
    }

    private void RequireBegun(Approval word, bool isBegun, long start)
    {
        if (!isBegun && context.Time.GetElapsedTime(start) > BeginLimit)
        {
            throw new SalvorException(ErrorCode.Failed,
                $"{word.Rung} was not begun: {word.Cause} is not seen, or not certain enough, or somebody has paused "
                    + "recoveries.")
            {
                Hint = "salvor plan tells what is seen, salvor status whether there is a pause.",
            };
        }
    }
}
