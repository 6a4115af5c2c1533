using System.CommandLine;
using Salvor.Errors;

namespace Salvor.Cli;

/// <summary>The options that say which machine of which cloud protect works on.</summary>
internal sealed class CloudProtectionOptions
{
    private readonly Option<string?> _cloud = new Option<string?>("--cloud")
    {
        Description = "Protect the machine in its cloud too, with that cloud's alarms.",
    }.AcceptOnlyFromAmong("aws");

    private readonly Option<string?> _instance = new("--instance-id")
    {
        Description = "The machine's id in its cloud; without it, the machine that this runs on.",
        HelpName = "ID",
    };

    private readonly Option<string?> _region = new("--region")
    {
        Description = "The cloud's region; without it, that of AWS_REGION, the profile or the machine.",
        HelpName = "NAME",
    };

    private readonly Option<string?> _cluster = new("--cluster")
    {
        Description = "The cluster's name, a part of its alarms' names (default: kubernetes).",
        HelpName = "NAME",
    };

    private readonly Option<bool> _recoverAlarm = new("--recover-alarm")
    {
        Description = "Add an alarm that moves the machine to another host when its host fails.",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_cloud);
        command.Options.Add(_instance);
        command.Options.Add(_region);
        command.Options.Add(_cluster);
        command.Options.Add(_recoverAlarm);
    }

    /// <exception cref="SalvorException">There are options for a cloud, and no cloud.</exception>
    public CloudProtections Read(ParseResult parse, CommandContext context)
    {
        if (parse.GetValue(_cloud) is not null)
        {
            return new CloudProtections(
                parse.GetValue(_instance), parse.GetValue(_region), parse.GetValue(_cluster) ?? "kubernetes",
                parse.GetValue(_recoverAlarm), context);
        }

        var idle = ((Option[])[_instance, _region, _cluster, _recoverAlarm])
            .FirstOrDefault(option => parse.GetResult(option) is { Implicit: false });
        return idle is null
            ? CloudProtections.None
            : throw new SalvorException(ErrorCode.Usage, $"{idle.Name} is of no use without --cloud.")
            {
                Hint = "Add --cloud aws.",
            };
    }
}
