using System.CommandLine;
using Salvor.Compare;

var root = new RootCommand("Runs Salvor beside etcd's own tools on the same data.");
root.Subcommands.Add(LoadCommand.Make());
root.Subcommands.Add(RunCommand.Make());
return await root.Parse(args).InvokeAsync();
