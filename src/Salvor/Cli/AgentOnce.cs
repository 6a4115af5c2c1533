using System.CommandLine;
using Salvor.Daemon;
using Salvor.Errors;
using Salvor.Recovery.OnMachine;

namespace Salvor.Cli;

/// <summary>An agent's parts for a command that looks, or acts, just once on this machine.</summary>
internal sealed class AgentOnce : IDisposable
{
    private readonly RepositoryAccess _access;

    public AgentOnce(
        ParseResult parse, CommandContext context, ConfigOption config, EtcdOptions etcd, RepositoryOptions repository)
    {
        var file = config.Load(parse, context);
        _access = new RepositoryAccess(inner => repository.OpenAsync(parse, context, inner), context.Entropy);
        Machine = AgentCommand.MachineOf(context, file);
        if (context.FileSystem.Stat(Machine.EtcdManifestPath) is null
            && context.FileSystem.Stat(AgentMachine.OwnDirectory) is null)
        {
            _access.Dispose();
            throw new SalvorException(ErrorCode.NotFound, "This machine is no control plane's: there is no "
                + $"{Machine.EtcdManifestPath}, and nothing that salvor keeps.")
            {
                Hint = "Run it on the control plane's machine; salvor status tells of one from anywhere.",
            };
        }

        var work = AgentCommand.WorkOf(context);
        Parts = new AgentParts(
            Machine, _access,
            inner => AgentCommand.BackUpAsync(
                () => etcd.Connect(parse, context), _access, KitOfMachine.Find(parse, context, etcd, file.Kit), work,
                inner));
    }

    public AgentMachine Machine { get; }

    public AgentParts Parts { get; }

    public void Dispose()
    {
        Parts.Dispose();
        _access.Dispose();
    }
}
