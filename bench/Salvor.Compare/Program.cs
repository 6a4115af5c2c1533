using System.CommandLine;
using Salvor.Compare;

var root = new RootCommand("Runs Salvor beside etcd's own tools on the same data.");
root.Subcommands.Add(LoadCommand.Make());
root.Subcommands.Add(RunCommand.Make());
// On Ctrl-C, the programs under way are ended and gigabytes of scratch files deleted.
var settings = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) };
return await root.Parse(args).InvokeAsync(settings);
