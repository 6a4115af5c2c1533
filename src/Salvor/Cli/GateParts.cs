using Salvor.Configuration;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.Recovery.Gate;
using Salvor.Repository.Keys;

namespace Salvor.Cli;

/// <summary>What the gate and its protections take from the configuration, whatever state that is in.</summary>
/// <param name="Config">What it says; all defaults where it can't be read.</param>
/// <param name="Fault">Why it can't be read; null where it can, or there is none.</param>
internal sealed record GateParts(SalvorConfig Config, SalvorException? Fault)
{
    /// <summary>Reads the file that is named, or the machine's usual one.</summary>
    public static GateParts Load(string? named, string root, CommandContext context)
    {
        var path = named ?? root.TrimEnd('/') + SalvorConfig.DefaultPath;
        try
        {
            return named is null && context.FileSystem.Stat(path) is null
                ? new GateParts(new SalvorConfig(), Fault: null)
                : new GateParts(ConfigBinder.Load(context.FileSystem, path), Fault: null);
        }
        catch (SalvorException e)
        {
            return new GateParts(new SalvorConfig(), e);
        }
        catch (CorruptDataException e)
        {
            return new GateParts(new SalvorConfig(), new SalvorException(ErrorCode.Corrupt, e.Message, e));
        }
    }

    /// <summary>Whether it names a repository.</summary>
    /// <exception cref="SalvorException">It can't be read.</exception>
    public bool HasRepository() => Fault is null ? Config.Repository.Location is not null : throw Fault;

    /// <summary>The repository, not yet asked anything; null where none is named.</summary>
    public StoredTimelines? OpenRepository(CommandContext context)
    {
        var settings = Config.Repository;
        if (settings.Location is null)
        {
            return null;
        }

        var store = RepositoryOptions.OpenStore(settings, context);
        return new StoredTimelines(
            store,
            async ct =>
            {
                using var secret = RepositorySecret.Load(settings, context);
                return await new RepositoryOpener(store, context.CpuPool).OpenAsync(secret, ct);
            },
            context.Time,
            context.Entropy);
    }

    /// <summary>The timeline that a cluster writes to; null where the repository does not tell.</summary>
    public async Task<int?> TimelineOfAsync(string cluster, CommandContext context, CancellationToken ct)
    {
        using var repository = OpenRepository(context);
        try
        {
            return repository is null ? null : (await repository.FindTimelineOfAsync(cluster, ct))?.Value;
        }
        catch (SalvorException)
        {
            return null;
        }
    }
}
