using System.CommandLine;
using Salvor.Errors;
using Salvor.Node;
using Salvor.Recovery.Gate;

namespace Salvor.Cli;

/// <summary><c>salvor gate</c>: what kubelet's unit runs before kubelet.</summary>
internal static class GateCommand
{
    /// <summary>kubelet waits for no longer, whatever hangs.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(4.8);

    public static Command Create(CommandContext context)
    {
        var root = new Option<string>("--root")
        {
            Description = "Where the machine's root directory is.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "/",
        };
        var manifest = new Option<string?>("--manifest")
        {
            Description = "etcd's static-pod manifest, below the root directory; by default the configuration's, or "
                + $"{EtcdManifest.DefaultPath}.",
            HelpName = "FILE",
        };
        var breaks = new Option<bool>("--override")
        {
            Description = "Break the glass: put a held manifest back, and let the next start of kubelet pass whatever "
                + "is seen then, once.",
        };
        var release = new Option<bool>("--release")
        {
            Description = "Put a held manifest back, once what it was held for is put right.",
        };
        var config = new ConfigOption();
        var command = new ExampleCommand(
            "gate",
            "Before kubelet starts: see whether etcd's data is the right one and whole, and hold etcd back when in "
                + "doubt.",
            "salvor gate",
            "salvor gate --release",
            "salvor gate --override")
        {
            breaks,
            release,
            manifest,
            root,
        };
        config.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(breaks) && result.GetValue(release))
            {
                result.AddError("--override puts a held manifest back too: give it without --release.");
            }
        });
        command.SetAction(async (parse, ct) =>
        {
            var place = Path.GetFullPath(parse.GetRequiredValue(root));
            var parts = GateParts.Load(config.PathOf(parse), place, context);
            var machine = new GateMachine(
                context.FileSystem, context.CpuPool, context.Time, Environment.MachineName, place,
                parse.GetValue(manifest) ?? parts.Config.Etcd.ManifestFile ?? EtcdManifest.DefaultPath);
            return parse.GetValue(release) ? Release(parse, context, machine)
                : parse.GetValue(breaks) ? Override(parse, context, machine)
                : await RunAsync(parse, context, machine, parts, ct);
        });
        return command;
    }

    /// <summary>Always answers 0: kubelet must never be kept down by what looks at etcd.</summary>
    private static async Task<int> RunAsync(
        ParseResult parse, CommandContext context, GateMachine machine, GateParts parts, CancellationToken ct)
    {
        try
        {
            using var repository = parts.OpenRepository(context);
            var gate = new NodeGate(machine, repository, context.Console, new GateLimits())
            {
                ConfigurationFault = parts.Fault?.Message,
            };
            var run = await context.CpuPool.Run(gate.RunAsync, ct);
            GateOutput.Write(await run.WaitAsync(Limit, context.Time, ct), context.Terminal, parse.IsJson());
        }
        catch (TimeoutException)
        {
            GateOutput.WriteFailure(
                $"The gate did not come to a decision within {Limit.TotalSeconds} s. Nothing is held.",
                context.Terminal, parse.IsJson());
        }
        catch (Exception e) // Whatever it is: it is told, and kubelet starts.
        {
            GateOutput.WriteFailure($"The gate failed: {e.Message} Nothing is held.", context.Terminal, parse.IsJson());
        }

        return ExitCodes.Ok;
    }

    private static int Release(ParseResult parse, CommandContext context, GateMachine machine)
    {
        var held = HeldOf(machine);
        held.Release();
        GateOutput.WriteReleased(held.Manifest, isOverridden: false, context.Terminal, parse.IsJson());
        return ExitCodes.Ok;
    }

    private static int Override(ParseResult parse, CommandContext context, GateMachine machine)
    {
        var held = HeldOf(machine);
        if (held.Place == ManifestPlace.Missing)
        {
            throw new SalvorException(ErrorCode.NotFound, $"There is no manifest of etcd's in {held.Manifest}.")
            {
                Hint = "Name it with --manifest.",
            };
        }

        // First the file: kubelet may start, and the gate run, between the two.
        new GateOverride(machine.Files, machine.Root).Arm(
            $"salvor gate --override, {machine.Time.GetUtcNow():u}: the next run of the gate holds nothing.");
        var isReleased = held.Place == ManifestPlace.Held;
        if (isReleased)
        {
            held.Release();
        }

        GateOutput.WriteReleased(
            isReleased ? held.Manifest : null, isOverridden: true, context.Terminal, parse.IsJson());
        return ExitCodes.Ok;
    }

    private static HeldManifest HeldOf(GateMachine machine) =>
        new(machine.Files, machine.PathOf(machine.ManifestPath), machine.Time);
}
