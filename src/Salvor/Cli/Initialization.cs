using Salvor.Configuration;
using Salvor.Errors;
using Salvor.ObjectStore;
using Salvor.ObjectStore.Local;
using Salvor.Repository.Keys;

namespace Salvor.Cli;

/// <summary>Makes a repository, what opens it, and the configuration file; or finishes what was begun.</summary>
/// <remarks>
/// Everything that can be looked at is looked at before the first write. Then the key file comes first, since a
/// repository that nothing opens would be worse than a key that opens nothing, and the configuration last. Cut off
/// anywhere, the same call goes on from there: a key file that is there is used, and a repository that it opens is
/// taken. Nothing is ever overwritten.
/// </remarks>
internal sealed class Initialization(CommandContext context, SalvorConfig config, string configFile)
{
    private const UnixFileMode SharedDirectory = UnixFileMode.UserRead | UnixFileMode.UserWrite
        | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly RepositoryConfig _repository = config.Repository;

    /// <summary>Refuses what can be refused before anything is made.</summary>
    public void RequireFree()
    {
        if (context.FileSystem.Stat(configFile) is not null)
        {
            throw new SalvorException(ErrorCode.TargetNotEmpty,
                $"The configuration file {configFile} exists, and nothing is ever overwritten.")
            {
                Hint = "Name another one with --config, or edit this one.",
            };
        }

        if (_repository.KeyFile is { } keyFile)
        {
            RepositorySecret.RequireOutside(_repository.Location!, keyFile);
        }
    }

    public async Task<InitReport> RunAsync(CancellationToken ct)
    {
        var present = LoadPresentSecret();
        var store = OpenStore();
        using var secret = present ?? await MakeKeyFileAsync(store, ct);
        var (repository, isNew) = await MakeOrTakeAsync(store, secret, ct);
        using (repository)
        {
            MakeParent(configFile);
            SecretFile.WriteNew(context.FileSystem, context.Entropy, configFile, ConfigText.Of(config));
            return new InitReport(
                repository.Id, store.Location, isNew, _repository.KeyFile, _repository.PassphraseFile, configFile);
        }
    }

    private string? LocalDirectory() => StoreLocation.IsS3(_repository.Location!) ? null : _repository.Location;

    private IObjectStore OpenStore()
    {
        if (LocalDirectory() is { } directory)
        {
            LocalStore.CreateDirectory(context.FileSystem, directory);
        }

        return RepositoryOptions.OpenStore(_repository, context);
    }

    /// <summary>The passphrase, or the key file where it is there; null where one is to be made.</summary>
    private SlotSecret? LoadPresentSecret()
    {
        if (_repository.KeyFile is { } path && context.FileSystem.Stat(path) is null)
        {
            return null;
        }

        var secret = RepositorySecret.Load(_repository, context);
        RepositorySecret.RequireStrength(secret);
        return secret;
    }

    private async Task<SlotSecret> MakeKeyFileAsync(IObjectStore store, CancellationToken ct)
    {
        // No key is made that nothing could ever be opened with.
        await new RepositoryCreator(store, context.CpuPool, context.Entropy, context.Time).RequireFreeAsync(ct);
        var keyFile = KeyFile.New(_repository.KeyFile!, RepositoryId.New(context.Entropy), context.Entropy);
        MakeParent(keyFile.Path);
        keyFile.Save(context.FileSystem, context.Entropy);
        return keyFile;
    }

    private async Task<(OpenedRepository Repository, bool IsNew)> MakeOrTakeAsync(
        IObjectStore store, SlotSecret secret, CancellationToken ct)
    {
        var opener = new RepositoryOpener(store, context.CpuPool);
        try
        {
            return (await opener.OpenAsync(secret, ct), false);
        }
        catch (SalvorException e) when (e.Code == ErrorCode.NoRepository)
        {
            var creator = new RepositoryCreator(store, context.CpuPool, context.Entropy, context.Time);
            var id = (secret as KeyFile)?.RepositoryId ?? RepositoryId.New(context.Entropy);
            return (await creator.CreateAsync(id, secret, ct), true);
        }
    }

    private void MakeParent(string file)
    {
        var directory = Path.GetDirectoryName(file)!;
        if (context.FileSystem.Stat(directory) is null)
        {
            context.FileSystem.CreateDirectory(directory, SharedDirectory);
            context.FileSystem.FlushDirectory(Path.GetDirectoryName(directory)!);
        }
    }
}
