using System.CommandLine;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.Node;
using Salvor.Recovery.OnMachine;
using Salvor.Recovery.Shared;

namespace Salvor.Cli;

/// <summary>The places where a person's word reaches whoever it is for.</summary>
/// <param name="Machine">This machine's own, where it is a control plane's.</param>
/// <param name="Repository">The repository's, for the guards, and for the agent where this is another machine.</param>
internal sealed record NoticeBoards(INoticeBoard? Machine, Func<CancellationToken, Task<INoticeBoard>> Repository)
{
    /// <summary>Who speaks, as others will read it.</summary>
    public static string Speaker { get; } =
        $"{Environment.GetEnvironmentVariable("SUDO_USER") ?? Environment.UserName}@{Environment.MachineName}";

    public static NoticeBoards Of(
        ParseResult parse, CommandContext context, ConfigOption config, RepositoryOptions repository)
    {
        var manifest = config.Load(parse, context).Etcd.ManifestFile ?? EtcdManifest.DefaultPath;
        return new NoticeBoards(
            IsControlPlane(context, manifest) ? new FileNotices(context.FileSystem, AgentMachine.OwnDirectory) : null,
            async ct =>
            {
                // Opened once in a process's life: its key is wiped when the process ends.
                var opened = await repository.OpenAsync(parse, context, ct);
                return new StoreNotices(new StoreJson(opened.ForObjects(context.Entropy)));
            });
    }

    /// <summary>Says it in both places. That the guards were not told is an error, after the machine knows.</summary>
    public async Task PutAsync(
        Func<INoticeBoard, CancellationToken, Task> put, string told, CancellationToken ct)
    {
        var machine = Machine is null ? null : await TryAsync(() => put(Machine, ct));
        var repository = await TryAsync(async () => await put(await Repository(ct), ct));
        if (repository is null && machine is null)
        {
            return;
        }

        if (Machine is null || (repository is not null && machine is not null))
        {
            throw repository!;
        }

        throw machine is null
            ? new SalvorException(ErrorCode.Partial, $"{told}; the guards were not told: {repository!.Message}")
            {
                Hint = repository.Hint ?? "Say it again once the repository answers.",
            }
            : new SalvorException(
                ErrorCode.Partial, $"The repository has it, but it can't be kept on this machine: {machine.Message}")
            {
                Hint = "The agent reads it in the repository, and forgets it when it starts anew.",
            };
    }

    /// <returns>Why not; null when it is said.</returns>
    private static async Task<SalvorException?> TryAsync(Func<Task> put)
    {
        try
        {
            await put();
            return null;
        }
        catch (SalvorException e)
        {
            return e;
        }
        catch (CorruptDataException e)
        {
            return new SalvorException(ErrorCode.Corrupt, e.Message, e);
        }
    }

    /// <summary>A manifest may be held, and all data gone: what salvor keeps is there then.</summary>
    private static bool IsControlPlane(CommandContext context, string manifest) =>
        context.FileSystem.Stat(manifest) is not null || context.FileSystem.Stat(AgentMachine.OwnDirectory) is not null;
}
