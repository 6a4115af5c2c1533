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

    /// <summary>A running agent hears a word within seconds; what waits longer is not seen, or not certain.</summary>
    private static readonly TimeSpan BeginLimit = TimeSpan.FromMinutes(2);

    private readonly DaemonLog _log = new(context.Terminal, context.Time, isJson);

    /// <exception cref="SalvorException">It was not begun, or did not help.</exception>
    public async Task RunAsync(NoticeBoards boards, Approval word, CancellationToken ct)
    {
        using var alone = context.FileSystem.TryLockOwnFile(AgentCommand.LockFile);
        var closed = alone is null ? await FollowAsync(boards, word, ct) : await DoAsync(word, ct);
        if (closed.Result != StepResult.Done)
        {
            throw new SalvorException(ErrorCode.Failed, $"{word.Rung} has not helped: {closed.Text}")
            {
                Hint = "salvor plan tells what is wrong now.",
            };
        }
    }

    /// <summary>The agent does it: its journal tells how.</summary>
    private async Task<JournalEntry> FollowAsync(NoticeBoards boards, Approval word, CancellationToken ct)
    {
        var before = (await once.Parts.Journal.ReadAsync(ct)).Select(entry => entry.PlanId).ToHashSet();
        await SayAsync(boards, word, ct);
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
            RequireAgent();
            await Task.Delay(Every, context.Time, ct);
        }
    }

    /// <summary>On the machine; where its disk takes nothing, in the repository, where the agent reads, too.</summary>
    private static async Task SayAsync(NoticeBoards boards, Approval word, CancellationToken ct)
    {
        try
        {
            await boards.Machine!.PutAsync(word, ct);
        }
        catch (SalvorException)
        {
            await (await boards.Repository(ct)).PutAsync(word, ct);
        }
    }

    /// <summary>No agent runs: this command is one, for as long as it takes.</summary>
    private async Task<JournalEntry> DoAsync(Approval word, CancellationToken ct)
    {
        JournalEntry? closed = null;
        string? ours = null;
        var heed = new NoticeHeed(
            async inner => (await once.Parts.Notices.ReadAsync(inner)) with { Approval = null }, context.Time,
            text => _log.Say("recover", text));
        var driver = once.Parts.Driver(RecoveryMode.Approve, heed, Journaled, (_, _) => { });
        await driver.ResumeAsync(ct);
        driver.Post(moment => new RecoveryEvent.Approved(moment, word.Cause, word.Rung));
        var start = context.Time.GetTimestamp();
        while (closed is null)
        {
            await driver.TurnAsync(ct);
            // What an agent had begun is ended first, and takes its time.
            start = driver.State.Plan is null ? start : context.Time.GetTimestamp();
            RequireBegun(word, closed is not null || ours is not null, start);
            await Task.Delay(Every, context.Time, ct);
        }

        return closed;

        void Journaled(JournalEntry entry)
        {
            _log.Say(entry);
            if (entry.Kind == EntryKind.Opened && entry.Cause == word.Cause && entry.Rung == word.Rung)
            {
                ours = entry.PlanId;
            }

            closed = entry.Kind == EntryKind.Closed && entry.PlanId == ours ? entry : closed;
        }
    }

    private void RequireAgent()
    {
        using var free = context.FileSystem.TryLockOwnFile(AgentCommand.LockFile);
        if (free is not null)
        {
            throw new SalvorException(ErrorCode.Failed, "The agent has ended; what it had begun is in its journal.")
            {
                Hint = "Start it (systemctl start salvor-agent), and it goes on; or run this again without it.",
            };
        }
    }

    private void RequireBegun(Approval word, bool isBegun, long start)
    {
        if (!isBegun && context.Time.GetElapsedTime(start) > BeginLimit)
        {
            throw new SalvorException(ErrorCode.Failed,
                $"{word.Rung} was not begun so far: {word.Cause} is not seen, or not certain enough, or somebody has "
                    + $"paused recoveries. The word counts for {Approval.HoldsFor.TotalMinutes:0} minutes.")
            {
                Hint = "salvor plan tells what is seen, and whether there is a pause.",
            };
        }
    }
}
