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
        if (Machine is not null)
        {
            await put(Machine, ct);
        }

        try
        {
            await put(await Repository(ct), ct);
        }
        catch (Exception e) when (Machine is not null && e is SalvorException or CorruptDataException)
        {
            throw new SalvorException(ErrorCode.Partial, $"{told}; the guards were not told: {e.Message}", e)
            {
                Hint = (e as SalvorException)?.Hint ?? "Say it again once the repository answers.",
            };
        }
    }

    /// <summary>A manifest may be held, and all data gone: what salvor keeps is there then.</summary>
    private static bool IsControlPlane(CommandContext context, string manifest) =>
        context.FileSystem.Stat(manifest) is not null || context.FileSystem.Stat(AgentMachine.OwnDirectory) is not null;
}
