using System.CommandLine;
using System.Text;
using Salvor.Errors;
using Salvor.Inspect;

namespace Salvor.Cli;

/// <summary><c>salvor inspect</c>: what a stored etcd holds.</summary>
internal static class InspectCommand
{
    public static Command Create(CommandContext context)
    {
        var path = new Argument<string>("PATH")
        {
            Description =
            "A snapshot file, a database file, or the data directory of a stopped etcd."
        };
        var keys = new Option<string?>("--keys")
        {
            Description = "List the keys that begin so; \"\" lists all.",
            HelpName = "PREFIX"
        };
        var key = new Option<string?>("--key") { Description = "Show this key and its value.", HelpName = "KEY" };
        var revision = new Option<long?>("--revision")
        {
            Description = "As of this revision, with --keys and --key.",
            HelpName = "R"
        };
        var top = new Option<int>("--top")
        {
            Description = "How many resources, namespaces and keys to name.",
            HelpName = "N",
            DefaultValueFactory = _ => 10,
        };
        var command = new ExampleCommand(
            "inspect",
            "Show what a snapshot, database or data directory holds, and what takes its space.",
            "salvor inspect snap.db",
            "salvor inspect snap.db --keys /registry/secrets/",
            "salvor inspect /var/lib/etcd --key /registry/pods/default/web --revision 4711")
        {
            path, keys, key, revision, top,
        };
        command.SetAction((parse, ct) =>
        {
            Refuse(parse.GetValue(keys) is not null, parse.GetValue(key) is not null,
                parse.GetValue(revision) is not null, parse.GetValue(top));
            var inspector = new Inspector(context.FileSystem);
            var output = new InspectionOutput(context.Terminal, parse.IsJson());
            var source = parse.GetRequiredValue(path);
            if (parse.GetValue(key) is { } wanted)
            {
                output.WriteValue(inspector.Get(source, Encoding.UTF8.GetBytes(wanted), parse.GetValue(revision), ct));
            }
            else if (parse.GetValue(keys) is { } prefix)
            {
                output.WriteKeys(inspector.List(source, Encoding.UTF8.GetBytes(prefix), parse.GetValue(revision), ct));
            }
            else
            {
                output.WriteOverview(Overview(parse, context, inspector, source, parse.GetValue(top), ct));
            }

            return Task.FromResult(ExitCodes.Ok);
        });
        return command;
    }

    private static Inspection Overview(
        ParseResult parse, CommandContext context, Inspector inspector, string path, int top, CancellationToken ct)
    {
        using var progress = parse.StartProgress(context);
        return inspector.Run(path, top, progress, ct);
    }

    private static void Refuse(bool hasKeys, bool hasKey, bool hasRevision, int top)
    {
        var fault = (hasKeys && hasKey, hasRevision && !hasKeys && !hasKey, top is < 1 or > 1000) switch
        {
            (true, _, _) => "--keys and --key exclude each other.",
            (_, true, _) => "--revision goes with --keys or --key.",
            (_, _, true) => $"--top: {top} is outside 1..1000.",
            _ => null,
        };
        if (fault is not null)
        {
            throw new SalvorException(ErrorCode.Usage, fault) { Hint = "See salvor inspect --help." };
        }
    }
}
