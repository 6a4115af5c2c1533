using Salvor.Platform;

namespace Salvor.Cli;

/// <summary>What every command is handed: the machine it works on, and where it may write.</summary>
internal sealed record CommandContext(
    IFileSystem FileSystem,
    ICpuPool CpuPool,
    IEntropy Entropy,
    TimeProvider Time,
    Terminal Terminal)
{
    /// <summary>For what computes beside a live etcd, and gives way to it.</summary>
    public ICpuPool BackgroundPool { get; init; } = CpuPool;

    /// <summary>The machine's other programs, such as systemctl.</summary>
    public IProcessRunner Processes { get; init; } = new OsProcessRunner();

    /// <summary>Where a person looks when nothing else answers.</summary>
    public IMachineConsole Console { get; init; } = new NoConsole();

    /// <summary>Whoever started this process as a daemon.</summary>
    public IServiceManager Service { get; init; } = new NoServiceManager();

    /// <summary>Where the root directory of the machine is whose stamp a restore renews.</summary>
    public string Root { get; init; } = "/";
}
