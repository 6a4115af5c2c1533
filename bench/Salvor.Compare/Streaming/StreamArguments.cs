using System.CommandLine;

namespace Salvor.Compare.Streaming;

/// <summary>The options of the tasks around <c>salvor stream</c>.</summary>
public sealed class StreamArguments
{
    private readonly Option<string> _motoServer = new("--moto-server")
    {
        Description = "The program that serves an S3: eng/moto-server.",
        Required = true,
    };

    private readonly Option<double> _seconds = new("--seconds")
    {
        Description = $"How long {StreamTask.Name} watches the loss window.",
        DefaultValueFactory = _ => 60,
    };

    private readonly Option<double> _roundSeconds = new("--round-seconds")
    {
        Description = $"How long a round of {StreamTask.Name} is; --runs says how many of each kind.",
        DefaultValueFactory = _ => 15,
    };

    private readonly Option<double> _minutes = new("--minutes")
    {
        Description = $"How long {StreamMemoryTask.Name} runs.",
        DefaultValueFactory = _ => 10,
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option<double>[])[_seconds, _roundSeconds, _minutes])
        {
            command.Options.Add(option);
            option.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<double>() <= 0)
                {
                    result.AddError($"{option.Name} takes more than 0.");
                }
            });
        }

        command.Options.Add(_motoServer);
    }

    public StreamSettings Read(ParseResult parsed) => new(
        parsed.GetValue(_motoServer)!,
        TimeSpan.FromSeconds(parsed.GetValue(_seconds)),
        TimeSpan.FromSeconds(parsed.GetValue(_roundSeconds)),
        TimeSpan.FromMinutes(parsed.GetValue(_minutes)));
}
