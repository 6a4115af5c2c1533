using Salvor.Cli;
using Salvor.Platform;
using Salvor.Platform.Linux;

// The composition root: the real disk, threads, randomness and clock meet the command line here, and nowhere else.
using var signals = new TerminationSignals();
using var background = new BackgroundCpuPool();
using var service = new ServiceManager(Environment.GetEnvironmentVariable, Environment.ProcessId);
var context = new CommandContext(
    new LinuxFileSystem(), new ThreadCpuPool(), new OsEntropy(), TimeProvider.System, Terminal.OfProcess())
{
    BackgroundPool = background,
    Console = new LinuxConsole(),
    Service = service,
};
return await CommandLineApp.RunAsync(args, context, signals.Token);
