using System.CommandLine;
using Salvor.Configuration;
using Salvor.Errors;
using Salvor.ObjectStore;
using Salvor.Repository.Keys;

namespace Salvor.Cli;

/// <summary>The options of every command that works on a repository, and the repository that they lead to.</summary>
/// <remarks>What is not given on the command line comes from the configuration file.</remarks>
internal sealed class RepositoryOptions
{
    private readonly ConfigOption _config;

    private readonly Option<string?> _location = new("--repository")
    {
        Description = "Where the backups are: a directory, or s3://BUCKET/PREFIX.",
        HelpName = "LOCATION",
    };

    private readonly Option<string?> _keyFile = new("--key-file")
    {
        Description = $"The key file that opens the repository; {RepositorySecret.DefaultKeyFile} where it exists.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _passphraseFile = new("--passphrase-file")
    {
        Description = "File whose first line is the passphrase that opens the repository; or set "
            + $"{RepositorySecret.PassphraseVariable}.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _s3Endpoint = new("--s3-endpoint")
    {
        Description = "URL of the S3 service, where it is not AWS.",
        HelpName = "URL",
    };

    private readonly Option<string?> _s3Region = new("--s3-region")
    {
        Description = "The bucket's region.",
        HelpName = "NAME",
    };

    private readonly Option<bool> _s3PathStyle = new("--s3-path-style")
    {
        Description = "Put the bucket into the URL's path, as most services that are not AWS want.",
    };

    private readonly Option<string?> _s3CaFile = new("--s3-ca-file")
    {
        Description = "PEM file with the CA that signed the S3 service's certificate.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _s3Profile = new("--s3-profile")
    {
        Description = "The profile of AWS's configuration files to take credentials from.",
        HelpName = "NAME",
    };

    /// <param name="config">The command's <c>--config</c>, which it may share with other groups of options.</param>
    public RepositoryOptions(ConfigOption config) => _config = config;

    /// <summary>Adds all of them but <c>--config</c>, which its owner adds.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[
            _location, _keyFile, _passphraseFile, _s3Endpoint, _s3Region, _s3PathStyle, _s3CaFile, _s3Profile])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Whether the command line itself names a repository; the file may name one all the same.</summary>
    public bool IsGiven(ParseResult parse) => parse.GetValue(_location) is not null;

    /// <summary>Opens the repository. Dispose it to clear its key from memory.</summary>
    /// <exception cref="SalvorException">None is named, there is none, or the key does not open it.</exception>
    public Task<OpenedRepository> OpenAsync(ParseResult parse, CommandContext context, CancellationToken ct) =>
        OpenAsync(Read(parse, context), context, ct);

    /// <summary>Opens the repository that settings name which were read before.</summary>
    /// <exception cref="SalvorException">There is none, or the key does not open it.</exception>
    public static async Task<OpenedRepository> OpenAsync(
        RepositoryConfig settings, CommandContext context, CancellationToken ct)
    {
        var store = OpenStore(settings, context);
        using var secret = RepositorySecret.Load(settings, context);
        return await new RepositoryOpener(store, context.CpuPool).OpenAsync(secret, ct);
    }

    /// <summary>The store alone, for what needs no key.</summary>
    public static IObjectStore OpenStore(RepositoryConfig settings, CommandContext context) =>
        StoreFactory.Open(settings, context.FileSystem, context.CpuPool, context.Entropy, context.Time);

    /// <summary>What the configuration file says, and above it what the command line says.</summary>
    /// <exception cref="SalvorException">Something is wrong, or no place is named.</exception>
    public RepositoryConfig Read(ParseResult parse, CommandContext context) =>
        Checked(Merge(parse, _config.Load(parse, context).Repository));

    /// <summary>
    /// What the command line says alone, for the command that writes the configuration file, with the usual key file
    /// where nothing else is to open the repository.
    /// </summary>
    public RepositoryConfig ReadForInit(ParseResult parse)
    {
        var settings = Checked(Merge(parse, new RepositoryConfig()));
        return settings.PassphraseFile is null
            ? settings with { KeyFile = settings.KeyFile ?? RepositorySecret.DefaultKeyFile }
            : settings;
    }

    private static RepositoryConfig Checked(RepositoryConfig settings)
    {
        if (settings.Location is null)
        {
            throw new SalvorException(ErrorCode.Usage, "No repository is named.")
            {
                Hint = "Give --repository LOCATION, or set repository.location in the configuration file.",
            };
        }

        var faults = settings.Validate();
        return faults.IsEmpty ? settings : throw ConfigBinder.Wrong("The command line", faults);
    }

    private RepositoryConfig Merge(ParseResult parse, RepositoryConfig file)
    {
        var keyFile = Absolute(parse.GetValue(_keyFile));
        var passphraseFile = Absolute(parse.GetValue(_passphraseFile));
        var isSecretGiven = (keyFile ?? passphraseFile) is not null;
        var location = parse.GetValue(_location) is { } given ? AbsoluteLocation(given) : file.Location;
        return new RepositoryConfig
        {
            Location = location,
            KeyFile = isSecretGiven ? keyFile : file.KeyFile,
            PassphraseFile = isSecretGiven ? passphraseFile : file.PassphraseFile,

            // The file's way to its bucket is not a way to a directory that is named instead.
            S3 = MergeS3(parse, location is not null && StoreLocation.IsS3(location) ? file.S3 : new S3Config()),
        };
    }

    private S3Config MergeS3(ParseResult parse, S3Config file) => new()
    {
        Endpoint = parse.GetValue(_s3Endpoint) ?? file.Endpoint,
        Region = parse.GetValue(_s3Region) ?? file.Region,
        PathStyle = parse.GetValue(_s3PathStyle) || file.PathStyle,
        CaFile = Absolute(parse.GetValue(_s3CaFile)) ?? file.CaFile,
        Profile = parse.GetValue(_s3Profile) ?? file.Profile,
    };

    private static string AbsoluteLocation(string location) =>
        location.Length == 0 || location.Contains("://", StringComparison.Ordinal) ? location : Absolute(location)!;

    private static string? Absolute(string? path) => path is { Length: > 0 } ? Path.GetFullPath(path) : path;
}
