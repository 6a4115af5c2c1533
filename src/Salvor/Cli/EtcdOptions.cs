using System.CommandLine;
using Salvor.Configuration;
using Salvor.Errors;
using Salvor.EtcdClient;
using Salvor.Node;

namespace Salvor.Cli;

/// <summary>The options of every command that speaks to etcd, and the connection that they lead to.</summary>
/// <remarks>
/// What is not given comes from the configuration file, and what is not there from the static-pod manifest where there
/// is one. etcdctl's variables are not read.
/// </remarks>
internal sealed class EtcdOptions
{
    private readonly Option<string[]> _endpoints = new("--endpoints")
    {
        Description = "etcd's client URLs, separated by commas; by default those of the manifest.",
        HelpName = "URL,...",
    };

    private readonly Option<string?> _caFile = File("--cacert", "PEM file with the CA that signed etcd's certificate.");
    private readonly Option<string?> _certificateFile = File("--cert", "PEM file with our client certificate.");
    private readonly Option<string?> _keyFile = File("--key", "PEM file with the key of --cert.");

    private readonly Option<string?> _user = new("--user")
    {
        Description = "User, where etcd's authentication is on; the password is better given by file or variable.",
        HelpName = "NAME[:PASSWORD]",
    };

    private readonly Option<string?> _passwordFile =
        File("--password-file", $"File whose first line is the user's password; or set {EtcdUser.PasswordVariable}.");

    private readonly Option<string?> _manifest =
        File("--manifest",
            $"etcd's static-pod manifest, which tells the rest; {EtcdManifest.DefaultPath} where it exists.");

    private readonly Option<TimeSpan?> _timeout = new("--timeout")
    {
        Description = "How long to wait for a connection and for each answer, as in 30s.",
        HelpName = "TIME",
        CustomParser = result => DurationParser.Parse(result),
    };

    private readonly ConfigOption? _config;

    /// <param name="config">The command's <c>--config</c>; null for commands that read no configuration.</param>
    public EtcdOptions(ConfigOption? config = null)
    {
        _config = config;
        _endpoints.AllowMultipleArgumentsPerToken = false;
    }

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_endpoints, _caFile, _certificateFile, _keyFile, _user, _passwordFile,
            _manifest, _timeout])
        {
            command.Options.Add(option);
        }
    }

    /// <exception cref="SalvorException">The options contradict each other, or a file can't be read.</exception>
    public EtcdConnection Connect(ParseResult parse, CommandContext context) =>
        new(Resolve(parse, context), context.FileSystem, context.Time);

    public EtcdConnectionOptions Resolve(ParseResult parse, CommandContext context)
    {
        var file = Configured(parse, context);
        var given = parse.GetValue(_endpoints) is { Length: > 0 } endpoints ? endpoints : [.. file.Endpoints];
        var found = Discover(parse.GetValue(_manifest) ?? file.ManifestFile, context, isNeeded: given.Length == 0);
        var isPairGiven = (parse.GetValue(_certificateFile) ?? parse.GetValue(_keyFile)) is not null;
        var caFile = parse.GetValue(_caFile) ?? file.CaFile;
        var certificateFile = isPairGiven ? parse.GetValue(_certificateFile) : file.CertificateFile;
        var keyFile = isPairGiven ? parse.GetValue(_keyFile) : file.KeyFile;
        var isTlsMeant = (caFile ?? certificateFile ?? found?.CaFile) is not null;
        var user = EtcdUser.Of(parse.GetValue(_user), parse.GetValue(_passwordFile), context.FileSystem);
        var options = new EtcdConnectionOptions
        {
            Endpoints = given.Length > 0 ? EndpointUrls.Parse(given, isTlsMeant) : found!.Endpoints,
            CaFile = caFile ?? found?.CaFile,
            ClientCertificateFile = certificateFile ?? (keyFile is null ? found?.ClientCertificateFile : null),
            ClientKeyFile = keyFile ?? (certificateFile is null ? found?.ClientKeyFile : null),
            User = user?.Name,
            Password = user?.Password,
        };
        return parse.GetValue(_timeout) is { } timeout ? WithTimeout(options, timeout) : options;
    }

    /// <summary>Where the etcd of this machine keeps its data and log; empty where no manifest tells.</summary>
    public IReadOnlyList<string> Directories(ParseResult parse, CommandContext context)
    {
        var named = parse.GetValue(_manifest) ?? Configured(parse, context).ManifestFile;
        if (named is null && context.FileSystem.Stat(EtcdManifest.DefaultPath) is null)
        {
            return [];
        }

        var manifest = EtcdManifest.Load(context.FileSystem, named ?? EtcdManifest.DefaultPath);
        return manifest.WalDirectory is { } log ? [manifest.DataDirectory, log] : [manifest.DataDirectory];
    }

    /// <summary>The file's section. A manifest that is named on the command line comes before all of it.</summary>
    private EtcdConfig Configured(ParseResult parse, CommandContext context) =>
        parse.GetValue(_manifest) is null && _config is not null ? _config.Load(parse, context).Etcd : new EtcdConfig();

    private static EtcdConnectionOptions? Discover(string? named, CommandContext context, bool isNeeded)
    {
        if (named is null && context.FileSystem.Stat(EtcdManifest.DefaultPath) is null)
        {
            return !isNeeded ? null : throw new SalvorException(
                ErrorCode.Usage, $"No endpoint is given, and there is no {EtcdManifest.DefaultPath} to find one in.")
            {
                Hint = "Give --endpoints, or --manifest with the path of etcd's static-pod manifest.",
            };
        }

        return EtcdManifest.Load(context.FileSystem, named ?? EtcdManifest.DefaultPath)
            .ToConnectionOptions(context.FileSystem);
    }

    private static EtcdConnectionOptions WithTimeout(EtcdConnectionOptions options, TimeSpan timeout) => options with
    {
        ConnectTimeout = timeout,
        CallTimeout = timeout,
        LongCallTimeout = timeout > options.LongCallTimeout ? timeout : options.LongCallTimeout,
    };

    private static Option<string?> File(string name, string description) =>
        new(name) { Description = description, HelpName = "FILE" };
}
