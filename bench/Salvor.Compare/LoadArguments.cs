using System.CommandLine;
using Salvor.Load;

namespace Salvor.Compare;

/// <summary>The options that shape the load, shared by both commands.</summary>
public sealed class LoadArguments
{
    private static readonly LoadOptions Default = new();
    private readonly Option<string> _size = new("--size")
    {
        Description = "About how large the database becomes, such as 400MB.",
        DefaultValueFactory = _ => "400MB",
    };

    private readonly Option<int> _keys = new("--keys")
    {
        Description = "How many keys are made.",
        DefaultValueFactory = _ => Default.KeyCount,
    };

    private readonly Option<double> _churn = new("--churn")
    {
        Description = "Later changes and deletions per key.",
        DefaultValueFactory = _ => Default.Churn,
    };

    private readonly Option<int> _seed = new("--seed")
    {
        Description = "The same seed makes the same load.",
        DefaultValueFactory = _ => Default.Seed,
    };

    private readonly Option<int> _parallel = new("--parallel")
    {
        Description = "Requests under way at once; with 1, revisions are the same in each run too.",
        DefaultValueFactory = _ => Default.Parallel,
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_size, _keys, _churn, _seed, _parallel])
        {
            command.Options.Add(option);
        }
    }

    public LoadOptions Read(ParseResult parsed) => new()
    {
        DatabaseBytes = ByteSize.Parse(parsed.GetValue(_size)!),
        KeyCount = parsed.GetValue(_keys),
        Churn = parsed.GetValue(_churn),
        Seed = parsed.GetValue(_seed),
        Parallel = parsed.GetValue(_parallel),
    };
}
