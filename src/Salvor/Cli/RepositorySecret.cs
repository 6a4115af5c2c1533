using Salvor.Configuration;
using Salvor.Errors;
using Salvor.Repository.Keys;

namespace Salvor.Cli;

/// <summary>Finds what opens a repository: a key file, a passphrase's file, or a variable.</summary>
internal static class RepositorySecret
{
    public const string DefaultKeyFile = "/etc/salvor/repository.key";
    public const string PassphraseVariable = "SALVOR_PASSPHRASE";

    /// <summary>Loads it, and warns on stderr when other users could do the same.</summary>
    /// <exception cref="SalvorException">There is none, or it can't be read.</exception>
    public static SlotSecret Load(RepositoryConfig settings, CommandContext context)
    {
        if (settings.PassphraseFile is { } passphraseFile)
        {
            Warn(context, passphraseFile);
            return new Passphrase(FirstLine(context, passphraseFile));
        }

        if (settings.KeyFile is null && Environment.GetEnvironmentVariable(PassphraseVariable) is { Length: > 0 } text)
        {
            return new Passphrase(text);
        }

        var keyFile = settings.KeyFile ?? DefaultKeyFile;
        if (settings.KeyFile is null && context.FileSystem.Stat(keyFile) is null)
        {
            throw new SalvorException(
                ErrorCode.Usage, $"Nothing is named that opens the repository, and there is no {DefaultKeyFile}.")
            {
                Hint = $"Give --key-file or --passphrase-file, or set {PassphraseVariable}.",
            };
        }

        var file = KeyFile.Load(context.FileSystem, keyFile);
        Warn(context, keyFile);
        return file;
    }

    /// <summary>The passphrase in a file: its first line.</summary>
    public static string FirstLine(CommandContext context, string path) =>
        SecretFile.ReadText(context.FileSystem, path).Split('\n')[0].TrimEnd('\r');

    /// <summary>Refuses a new key file that would lie in the repository that it opens.</summary>
    public static void RequireOutside(string location, string keyFile)
    {
        if (!StoreLocation.IsS3(location)
            && keyFile.StartsWith(location.TrimEnd('/') + "/", StringComparison.Ordinal))
        {
            throw new SalvorException(ErrorCode.Usage, $"The key file {keyFile} would lie in the repository it opens.")
            {
                Hint = "Whoever gets the backups would have the key: name a key file outside of it.",
            };
        }
    }

    /// <summary>Refuses a new passphrase that can be guessed.</summary>
    public static void RequireStrength(SlotSecret secret)
    {
        if (secret is Passphrase { Length: < Passphrase.LengthMin } passphrase)
        {
            throw new SalvorException(ErrorCode.Usage,
                $"The passphrase has {passphrase.Length} characters, and at least {Passphrase.LengthMin} are needed.")
            {
                Hint = "Whoever reads the store can guess for as long as they like: take five random words or more.",
            };
        }
    }

    private static void Warn(CommandContext context, string path)
    {
        if (SecretFile.ExposureOf(context.FileSystem, path) is { } exposure)
        {
            context.Terminal.Error.WriteLine($"warning: {exposure}");
        }
    }
}
