using System.CommandLine;
using Salvor.Cli;
using Salvor.Platform;
using Salvor.Platform.Linux;

namespace Salvor.Tests.Cli;

/// <summary>Runs a command line in this process and keeps what it wrote.</summary>
internal sealed record CommandLine(int ExitCode, string Out, string Error)
{
    public static async Task<CommandLine> RunAsync(params string[] args)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        var context = new CommandContext(
            new LinuxFileSystem(),
            new ThreadCpuPool(),
            new OsEntropy(),
            TimeProvider.System,
            new Terminal(output, error, isErrorInteractive: false, widthColumns: 100));
        var exitCode = await CommandLineApp.RunAsync(args, context, TestContext.Current.CancellationToken);
        // Help calls the program by the running executable's name, which is the test runner's here.
        var help = output.ToString().Replace(RootCommand.ExecutableName, "salvor", StringComparison.Ordinal);
        return new CommandLine(exitCode, help, error.ToString());
    }
}
