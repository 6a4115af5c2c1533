using System.CommandLine;
using Salvor.Configuration;

namespace Salvor.Cli;

/// <summary><c>salvor init</c>: a repository, what opens it, and a configuration file.</summary>
internal static class InitCommand
{
    public static Command Create(CommandContext context)
    {
        var config = new ConfigOption();
        var repository = new RepositoryOptions(config);
        var manifest = new Option<string?>("--manifest")
        {
            Description = "etcd's static-pod manifest, which tells where etcd is; kubeadm's where it exists.",
            HelpName = "FILE",
        };
        var command = new ExampleCommand(
            "init",
            "Make a repository for backups, the key file that opens it, and a configuration file.",
            "salvor init --repository s3://my-backups/cluster-1",
            "salvor init --repository /mnt/backup/cluster-1 --key-file /root/cluster-1.key",
            "salvor init --repository s3://my-backups/cluster-1 --passphrase-file /root/passphrase");
        repository.AddTo(command);
        config.AddTo(command);
        command.Options.Add(manifest);
        command.SetAction(async (parse, ct) =>
        {
            var settings = repository.ReadForInit(parse);
            var etcd = MachineSurvey.Look(context.FileSystem, parse.GetValue(manifest));
            var whole = new SalvorConfig { Repository = settings, Etcd = etcd };
            var file = Path.GetFullPath(config.PathOf(parse) ?? SalvorConfig.DefaultPath);
            var initialization = new Initialization(context, whole, file);
            initialization.RequireFree();
            if (!parse.IsJson())
            {
                InitOutput.Explain(context.Terminal.Error, settings);
            }

            var report = await initialization.RunAsync(ct);
            var isBesideEtcd = MachineSurvey.IsBesideEtcd(context.FileSystem, etcd, report.Location);
            InitOutput.Write(context.Terminal, report, etcd, isBesideEtcd, parse.IsJson());
            return ExitCodes.Ok;
        });
        return command;
    }
}
