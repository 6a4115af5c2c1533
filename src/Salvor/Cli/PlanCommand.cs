using System.CommandLine;
using Salvor.Daemon;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Ladder;

namespace Salvor.Cli;

/// <summary><c>salvor plan</c>: what is wrong with this control plane, and what would be done about it.</summary>
internal static class PlanCommand
{
    /// <summary>What was seen by one look alone may be over: a finding is shown that two looks have.</summary>
    private static readonly TimeSpan SecondLookAfter = TimeSpan.FromSeconds(2);

    public static Command Create(CommandContext context)
    {
        var config = new ConfigOption();
        var etcd = new EtcdOptions(config);
        var repository = new RepositoryOptions(config);
        var command = new ExampleCommand(
            "plan",
            "Look at this control plane, and show what is wrong and what would be done about it. Nothing is changed.",
            "salvor plan",
            "salvor plan --output json");
        repository.AddTo(command);
        config.AddTo(command);
        etcd.AddTo(command);
        command.SetAction(async (parse, ct) =>
        {
            using var once = new AgentOnce(parse, context, config, etcd, repository);
            PlanOutput.Write(context.Terminal, await ForeseeAsync(once, ct), parse.IsJson());
            return ExitCodes.Ok;
        });
        return command;
    }

    internal static async Task<ForeseenPlan> ForeseeAsync(AgentOnce once, CancellationToken ct)
    {
        var settings = AgentParts.Settings(RecoveryMode.Automatic);
        var journal = await once.Parts.Journal.ReadAsync(ct);
        var time = once.Machine.Time;
        var state = Resumption.From(journal, settings, new Moment(TimeSpan.Zero, time.GetUtcNow()));
        var first = await once.Parts.Lookout.LookAsync(ct);
        var seen = first;
        if (Foresight.Of(settings, state, first, new Moment(TimeSpan.Zero, time.GetUtcNow())).Length > 0)
        {
            await Task.Delay(SecondLookAfter, time, ct);
            seen = await once.Parts.Lookout.LookAsync(ct);
        }

        var prospects = Foresight.Of(settings, state, seen, new Moment(SecondLookAfter, time.GetUtcNow()));
        var data = prospects.Any(one => one.Next?.Rung == Rung.RecoverData) ? await SourcesAsync(once, ct) : null;
        return new ForeseenPlan(seen, prospects, state.Plan)
        {
            Data = data,
            Pause = await PauseAsync(once, ct),
        };
    }

    /// <summary>Why nothing new is begun; null where nobody on this machine said so. What is wrong is shown anyway.
    /// </summary>
    private static async Task<string?> PauseAsync(AgentOnce once, CancellationToken ct)
    {
        try
        {
            var pause = (await once.Parts.Notices.ReadAsync(ct)).Pause;
            return pause?.Until > once.Machine.Time.GetUtcNow()
                ? $"until {pause.Until:u} by {pause.Who}: {pause.Why}"
                : null;
        }
        catch (Exception e) when (e is SalvorException or CorruptDataException)
        {
            return $"for as long as whether there is a pause can't be read: {e.Message}; salvor resume mends it";
        }
    }

    /// <summary>What there is to recover from, and what it loses.</summary>
    private static async Task<string> SourcesAsync(AgentOnce once, CancellationToken ct)
    {
        try
        {
            return (await once.Parts.Data.ChooseAsync(ct)).Detail;
        }
        catch (Exception e) when (e is SalvorException or CorruptDataException)
        {
            return $"what there is to recover from can't be told: {e.Message}";
        }
    }
}
