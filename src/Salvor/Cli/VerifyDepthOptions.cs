using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Salvor.Errors;
using Salvor.Verify.Stored;

namespace Salvor.Cli;

/// <summary>The options that say how deeply a repository is verified.</summary>
internal sealed class VerifyDepthOptions
{
    private readonly Option<double> _readData = new("--read-data")
    {
        Description = "Read a share of the stored packs and segments from end to end, chosen at random; 'all' also "
            + "puts the newest snapshot's database together and checks it.",
        HelpName = "PERCENT|all",
        CustomParser = ParseShare,
    };

    private readonly Option<string?> _snapshot = new("--snapshot")
    {
        Description = "With --read-data all: the snapshot whose database is checked.",
        HelpName = "ID",
    };

    private readonly Option<string?> _scratch = new("--scratch")
    {
        Description = "With --read-data all: a directory with room for that database; the system's place for "
            + "temporary files otherwise.",
        HelpName = "DIR",
    };

    private readonly Option<int?> _seed = new("--seed")
    {
        Description = "Choose the same share as a run that printed this seed.",
        HelpName = "N",
    };

    private readonly Option<bool> _noRecord = new("--no-record")
    {
        Description = "Store no record in the repository of the snapshots that were found good.",
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_readData, _snapshot, _scratch, _seed, _noRecord])
        {
            command.Options.Add(option);
        }
    }

    public RepositoryCheckOptions Read(ParseResult parse, CommandContext context)
    {
        var options = new RepositoryCheckOptions
        {
            ReadPercent = parse.GetValue(_readData),
            Snapshot = parse.GetValue(_snapshot),
            ScratchDirectory = Path.GetFullPath(parse.GetValue(_scratch) ?? Path.GetTempPath()),
            Seed = parse.GetValue(_seed) ?? NewSeed(context),
            IsRecorded = !parse.GetValue(_noRecord),
            Version = VersionCommand.Version,
        };
        if (options.ReadsAll)
        {
            return context.FileSystem.Stat(options.ScratchDirectory) is { IsDirectory: true }
                ? options
                : throw new SalvorException(ErrorCode.NotFound, $"There is no directory {options.ScratchDirectory}.")
                {
                    Hint = "Name one that exists with --scratch.",
                };
        }

        return options.Snapshot is null && parse.GetValue(_scratch) is null
            ? options
            : throw new SalvorException(ErrorCode.Usage, "--snapshot and --scratch need --read-data all.")
            {
                Hint = "Without it no database is put together.",
            };
    }

    private static int NewSeed(CommandContext context)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        context.Entropy.Fill(bytes);
        return BitConverter.ToInt32(bytes) & int.MaxValue;
    }

    private static double ParseShare(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (text == "all")
        {
            return 100;
        }

        if (double.TryParse(text.TrimEnd('%'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
            out var percent) && percent is > 0 and < 100)
        {
            return percent;
        }

        result.AddError($"'{text}' is no share; write it as in 10%, above 0 and below 100, or 'all'.");
        return 0;
    }
}
