using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Salvor.Errors;
using Salvor.Restore.FromRepository;

namespace Salvor.Cli;

/// <summary>The options that say which moment a restore goes back to: one of them, or the newest.</summary>
internal sealed class RestorePointOptions
{
    private readonly Option<string?> _to = new("--to")
    {
        Description = "'latest', which is the default: the newest that the repository holds.",
        HelpName = "POINT",
    };

    private readonly Option<long?> _revision = new("--revision")
    {
        Description = "The state after this revision.",
        HelpName = "N",
    };

    private readonly Option<DateTimeOffset?> _time = new("--time")
    {
        Description = "The last state of this time, as in 2026-11-22T21:30:00Z; without a zone, UTC.",
        HelpName = "TIME",
        CustomParser = ParseTime,
    };

    private readonly Option<string?> _snapshot = new("--snapshot")
    {
        Description = "This snapshot and nothing after it: its id, or the start of it.",
        HelpName = "ID",
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_to, _revision, _time, _snapshot])
        {
            command.Options.Add(option);
        }
    }

    public RestorePoint Read(ParseResult parse)
    {
        var points = new List<RestorePoint>();
        if (parse.GetValue(_to) is { } to)
        {
            points.Add(to == "latest" ? new RestorePoint.Latest() : throw Wrong($"--to: '{to}' is not 'latest'."));
        }

        if (parse.GetValue(_revision) is { } revision)
        {
            points.Add(new RestorePoint.AtRevision(revision));
        }

        if (parse.GetValue(_time) is { } time)
        {
            points.Add(new RestorePoint.AtTime(time));
        }

        if (parse.GetValue(_snapshot) is { } snapshot)
        {
            points.Add(new RestorePoint.Snapshot(snapshot));
        }

        return points.Count switch
        {
            0 => new RestorePoint.Latest(),
            1 => points[0],
            _ => throw Wrong("--to, --revision, --time and --snapshot each name a moment: give one of them."),
        };
    }

    private static DateTimeOffset? ParseTime(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return time;
        }

        result.AddError($"'{text}' is no time; write it as in 2026-11-22T21:30:00Z.");
        return null;
    }

    private static SalvorException Wrong(string message) => new(ErrorCode.Usage, message)
    {
        Hint = "See salvor restore --help.",
    };
}
