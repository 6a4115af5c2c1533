using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Salvor.Cli;

/// <summary><c>salvor version</c>: which build this is.</summary>
internal static class VersionCommand
{
    /// <summary>The version of this build, with the commit that it was built from where that is known.</summary>
    public static string Version { get; } =
        typeof(VersionCommand).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public static Command Create(CommandContext context)
    {
        var command = new ExampleCommand("version", "Show the version.", "salvor version",
            "salvor version --output json");
        command.SetAction(parse => Write(context, parse.IsJson()));
        return command;
    }

    public static int Write(CommandContext context, bool isJson)
    {
        if (isJson)
        {
            context.Terminal.WriteJson(json =>
            {
                json.WriteString("version", Version);
                json.WriteString("runtime", RuntimeInformation.FrameworkDescription);
                json.WriteString("platform", RuntimeInformation.RuntimeIdentifier);
            });
            return ExitCodes.Ok;
        }

        context.Terminal.Out.WriteLine($"salvor {Version} ({RuntimeInformation.RuntimeIdentifier})");
        return ExitCodes.Ok;
    }
}
