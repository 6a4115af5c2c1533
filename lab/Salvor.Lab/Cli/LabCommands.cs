using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Salvor.Lab.Faults;
using Salvor.Lab.Host;
using Salvor.Lab.Machines;

namespace Salvor.Lab.Cli;

/// <summary>The command line of <c>lab/lab</c>.</summary>
public static class LabCommands
{
    private static readonly Option<string> Name = new("--name")
    {
        Description = "The lab's name, where several run at once.",
        DefaultValueFactory = _ => "lab",
        Recursive = true,
    };

    private static readonly Argument<string> FaultName = new("name") { Description = "The fault: see 'lab faults'." };
    private static readonly Argument<string> MachineName = new("machine") { Description = "control or worker." };

    private static readonly Argument<string> Line = new("line") { Description = "What bash is to run." };

    public static RootCommand Root()
    {
        var root = new RootCommand("A cloud region in a box with a real Kubernetes in it. Needs root.");
        root.Options.Add(Name);
        root.Subcommands.Add(Up());
        root.Subcommands.Add(Make("down", "Ends the lab and removes everything of it.", DownAsync));
        root.Subcommands.Add(Make("status", "Says which machines run, which faults are in force, and the nodes.",
            (result, cancel) => PrintAsync(result, client => client.GetAsync("/status", cancel))));
        root.Subcommands.Add(Make("faults", "Lists the faults.", (_, _) =>
        {
            FaultTable.All.ToList().ForEach(fault => Console.WriteLine($"{fault.Name,-26} {fault.About}"));
            return Task.CompletedTask;
        }));
        root.Subcommands.Add(Make("fault", "Breaks something.", (result, cancel) =>
            PrintAsync(result, client => client.PostAsync("/fault/" + result.GetValue(FaultName), cancel)), FaultName));
        root.Subcommands.Add(Make("heal", "Mends what a fault broke.", (result, cancel) =>
            PrintAsync(result, client => client.PostAsync("/heal/" + result.GetValue(FaultName), cancel)), FaultName));
        root.Subcommands.Add(Make("reset", "Puts the cluster back to what it was when it was ready.",
            (result, cancel) => PrintAsync(result, client => client.PostAsync("/reset", cancel))));
        root.Subcommands.Add(Make("shell", "Opens a shell on a machine.", ShellAsync, MachineName));
        root.Subcommands.Add(Make("exec", "Runs a line of shell on a machine.", ExecAsync, MachineName, Line));
        root.Subcommands.Add(Make("logs", "Prints a machine's console.", LogsAsync, MachineName));
        return root;
    }

    private static Command Up()
    {
        var root = new Option<string>("--root") { Required = true, Description = "The machines' root file system." };
        var images = new Option<string>("--images") { Required = true, Description = "The container images." };
        var kubernetes = new Option<string>("--kubernetes") { Required = true, Description = "Kubernetes' programs." };
        var salvor = new Option<string?>("--salvor") { Description = "The published salvor." };
        var store = new Option<string?>("--store") { Description = "The program that serves S3." };
        var scale = new Option<double>("--scale")
        {
            Description = "How much shorter the cloud's minutes are.",
            DefaultValueFactory = _ => 10,
        };
        var command = Make("up", "Starts the lab and serves it until 'down'.", async (result, cancel) =>
        {
            var image = new MachineImage(result.GetRequiredValue(root), result.GetRequiredValue(images),
                result.GetRequiredValue(kubernetes), result.GetValue(salvor));
            var settings = new LabSettings(image)
            {
                Store = result.GetValue(store),
                Scale = result.GetValue(scale),
            };
            await UpAsync(PathsOf(result), settings, cancel).ConfigureAwait(false);
        });
        command.Options.Add(root);
        command.Options.Add(images);
        command.Options.Add(kubernetes);
        command.Options.Add(salvor);
        command.Options.Add(store);
        command.Options.Add(scale);
        return command;
    }

    private static async Task UpAsync(LabPaths paths, LabSettings settings, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        void Say(string text) => Console.WriteLine($"{clock.Elapsed.TotalSeconds,7:0.0} s  {text}");
        var lab = await Laboratory.CreateAsync(paths, settings, cancel).ConfigureAwait(false);
        await using (lab.ConfigureAwait(false))
        {
            await lab.Cluster.StartAsync(Say, cancel).ConfigureAwait(false);
            Say("both nodes are Ready");
            await lab.Cluster.StartWorkloadAsync(cancel).ConfigureAwait(false);
            Say("the workload's pods run");
            await lab.Cluster.CheckpointAsync(cancel).ConfigureAwait(false);
            Say("ready");
            await ControlServer.RunAsync(lab, cancel).ConfigureAwait(false);
        }
    }

    private static async Task DownAsync(ParseResult result, CancellationToken cancel)
    {
        var paths = PathsOf(result);
        await LabOwner.EndAsync(paths, cancel).ConfigureAwait(false);
        await Sweep.RunAsync(paths, cancel).ConfigureAwait(false);
        var leftovers = await Sweep.LeftoversAsync(paths, cancel).ConfigureAwait(false);
        Console.WriteLine(leftovers.Count == 0 ? "Nothing of the lab is left." : string.Join('\n', leftovers));
    }

    private static Task ShellAsync(ParseResult result, CancellationToken cancel) =>
        EnterAsync(result, ["--login"], cancel);

    private static async Task ExecAsync(ParseResult result, CancellationToken cancel)
    {
        var code = await EnterAsync(result, ["-c", result.GetRequiredValue(Line)], cancel).ConfigureAwait(false);
        if (code != 0)
        {
            throw new LabException($"The command ended with {code}.");
        }
    }

    private static async Task<int> EnterAsync(ParseResult result, string[] arguments, CancellationToken cancel)
    {
        using var client = new ControlClient(PathsOf(result));
        var init = await client.GetAsync("/init/" + result.GetValue(MachineName), cancel).ConfigureAwait(false);
        if (!int.TryParse(init, CultureInfo.InvariantCulture, out var process))
        {
            throw new LabException("The machine is off.");
        }

        using var shell = Process.Start(
            "nsenter", [.. Machine.EnterArguments(process), .. Machine.Environment, "bash", .. arguments]);
        await shell.WaitForExitAsync(cancel).ConfigureAwait(false);
        return shell.ExitCode;
    }

    private static async Task LogsAsync(ParseResult result, CancellationToken cancel)
    {
        using var client = new ControlClient(PathsOf(result));
        var file = await client.GetAsync("/console/" + result.GetValue(MachineName), cancel).ConfigureAwait(false);
        Console.Write(await File.ReadAllTextAsync(file, cancel).ConfigureAwait(false));
    }

    private static async Task PrintAsync(ParseResult result, Func<ControlClient, Task<string>> ask)
    {
        using var client = new ControlClient(PathsOf(result));
        Console.WriteLine(await ask(client).ConfigureAwait(false));
    }

    private static LabPaths PathsOf(ParseResult result) => LabPaths.Of(result.GetRequiredValue(Name));

    private static Command Make(
        string name, string about, Func<ParseResult, CancellationToken, Task> run, params Argument[] arguments)
    {
        var command = new Command(name, about);
        arguments.ToList().ForEach(command.Arguments.Add);
        command.SetAction(async (result, cancel) =>
        {
            try
            {
                await run(result, cancel).ConfigureAwait(false);
                return 0;
            }
            catch (LabException failure)
            {
                await Console.Error.WriteLineAsync($"lab: {failure.Message}").ConfigureAwait(false);
                return 1;
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return 130;
            }
        });
        return command;
    }
}
