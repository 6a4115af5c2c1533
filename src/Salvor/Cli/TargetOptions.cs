using System.Collections.Immutable;
using System.CommandLine;
using Salvor.DataDirectory;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.Node;
using Salvor.Restore;

namespace Salvor.Cli;

/// <summary>
/// The options that say what a new member shall be and where it goes; restore and salvage share them.
/// </summary>
/// <remarks>
/// What is not given comes from the configuration file and from etcd's static-pod manifest where there are any, else
/// it is etcd's own default. A manifest that is named on the command line comes before the configuration file.
/// </remarks>
internal sealed class TargetOptions
{
    /// <summary>Above anything that a cluster writes between two looks at it.</summary>
    public const long CustomaryBump = 1_000_000_000;
    private const int TokenBytes = 8;

    private readonly ConfigOption _config;
    private readonly Option<string?> _dataDirectory;

    private readonly Option<string?> _manifest = new("--manifest")
    {
        Description = "etcd's static-pod manifest, which tells what is not given here; by default the configuration's, "
            + $"or {EtcdManifest.DefaultPath} where it exists.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _walDirectory = new("--wal-dir")
    {
        Description = "etcd's --wal-dir, where the log has a directory of its own.",
        HelpName = "DIR",
    };

    private readonly Option<string?> _name = new("--name")
    {
        Description = "etcd's --name; etcd's own default is \"default\".",
        HelpName = "NAME",
    };

    private readonly Option<string?> _peerUrls = new("--peer-urls")
    {
        Description = "etcd's --initial-advertise-peer-urls; etcd's own default is http://localhost:2380.",
        HelpName = "URL,...",
    };

    private readonly Option<string?> _clusterToken = new("--cluster-token")
    {
        Description = "etcd's --initial-cluster-token. By default the manifest's, and without one a new one, so "
            + "that nothing of the old cluster can talk to the new one.",
        HelpName = "TOKEN",
    };

    private readonly Option<bool> _quarantine = new("--quarantine")
    {
        Description = "Move what the directory holds aside; nothing is deleted.",
    };

    private readonly Option<bool> _compact = new("--compact")
    {
        Description = "Leave superseded revisions out: smaller, and etcd boots faster.",
    };

    private readonly Option<long?> _revisionBump = new("--revision-bump")
    {
        Description = "Raise the revision by this much and mark everything before as compacted, so that clients that "
            + $"saw the lost future list again. {CustomaryBump} is customary, and what a restore out of a repository "
            + "does by itself; 0 keeps revision and history.",
        HelpName = "N",
    };

    private readonly Option<int> _leafPages = new("--leaf-pages")
    {
        Description = "Pages that a leaf of the written file may fill, 1 to 256.",
        HelpName = "N",
        DefaultValueFactory = _ => RestoreOptions.LeafPagesDefault,
    };

    /// <param name="config">The command's <c>--config</c>, which its owner adds.</param>
    /// <param name="aliases">Other names of <c>--data-dir</c>.</param>
    public TargetOptions(ConfigOption config, params string[] aliases)
    {
        _config = config;
        _dataDirectory = new Option<string?>("--data-dir", aliases)
        {
            Description = "etcd's --data-dir: new, empty, or with --quarantine one that holds a member. By default "
                + "the configuration's or the manifest's.",
            HelpName = "DIR",
        };
    }

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[
            _dataDirectory, _walDirectory, _name, _peerUrls, _clusterToken, _manifest, _quarantine, _compact,
                _revisionBump, _leafPages])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Puts together what the options, the configuration and the manifest say.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="context">For the files, and the randomness of a new token.</param>
    /// <param name="bumpDefault">How far the revision is raised where nobody says.</param>
    public RestoreOptions Read(ParseResult parse, CommandContext context, long bumpDefault = 0)
    {
        var (own, manifest) = OfThisMachine(parse, context);
        var named = parse.GetValue(_dataDirectory) ?? own
            ?? throw new SalvorException(ErrorCode.Usage,
                "The target is not named: --data-dir is missing, and neither a configuration file nor a manifest "
                + "tells where etcd's data is.")
            {
                Hint = "Add --data-dir DIR.",
            };

        var dataDirectory = MemberLayout.Clean(named);
        var walDirectory = parse.GetValue(_walDirectory) ?? WalDirectoryOf(dataDirectory, manifest, context);
        return new RestoreOptions
        {
            DataDirectory = dataDirectory,
            WalDirectory = walDirectory is null ? null : MemberLayout.Clean(walDirectory),
            Name = parse.GetValue(_name) ?? manifest?.Name ?? "default",
            PeerUrls = PeerUrls(parse, manifest),
            ClusterToken = parse.GetValue(_clusterToken) ?? manifest?.Flags.GetValueOrDefault("initial-cluster-token")
                ?? NewToken(context),
            MayQuarantine = parse.GetValue(_quarantine),
            IsCompacted = parse.GetValue(_compact),
            RevisionBump = parse.GetValue(_revisionBump) ?? bumpDefault,
            LeafPages = parse.GetValue(_leafPages),
        };
    }

    /// <summary>Whether a target is where the data of this machine's etcd is.</summary>
    public bool IsOwnDirectory(RestoreOptions options, ParseResult parse, CommandContext context) =>
        OfThisMachine(parse, context).DataDirectory is { } own
        && Place.IsSame(context.FileSystem, options.DataDirectory, own);

    /// <summary>
    /// The log directory that the manifest names for a data directory; null where it tells nothing of it.
    /// </summary>
    public string? ManifestWalDirectory(string dataDirectory, ParseResult parse, CommandContext context) =>
        WalDirectoryOf(MemberLayout.Clean(dataDirectory), OfThisMachine(parse, context).Manifest, context);

    /// <summary>
    /// The manifest's log directory belongs to the manifest's data directory: a restore elsewhere must not touch it.
    /// </summary>
    private static string? WalDirectoryOf(string dataDirectory, EtcdManifest? manifest, CommandContext context) =>
        manifest is not null && dataDirectory.Length > 0
            && Place.IsSame(context.FileSystem, dataDirectory, manifest.DataDirectory)
            ? manifest.WalDirectory
            : null;

    /// <summary>Where the data of this machine's etcd is, and its manifest; null for what nothing tells.</summary>
    private (string? DataDirectory, EtcdManifest? Manifest) OfThisMachine(ParseResult parse, CommandContext context)
    {
        if (parse.GetValue(_manifest) is { } named)
        {
            var manifest = EtcdManifest.Load(context.FileSystem, named);
            return (manifest.DataDirectory, manifest);
        }

        // A broken file may be part of the disaster: who says everything needs none. One that is named is meant.
        var saysAll = parse.GetValue(_dataDirectory) is not null && parse.GetValue(_name) is not null
            && parse.GetValue(_peerUrls) is not null;
        var file = OrNull(
            () => _config.Load(parse, context).Etcd, mayFail: saysAll && _config.PathOf(parse) is null);
        var path = file?.ManifestFile
            ?? (context.FileSystem.Stat(EtcdManifest.DefaultPath) is null ? null : EtcdManifest.DefaultPath);
        var found = path is null ? null : OrNull(() => Load(path, context), mayFail: saysAll);
        return (file?.DataDirectory ?? found?.DataDirectory, found);
    }

    /// <summary>
    /// Where the configuration's manifest is not there, etcd's defaults would make another member than the one that it
    /// describes: who restores while it is moved away says where it is.
    /// </summary>
    private static EtcdManifest Load(string path, CommandContext context) => context.FileSystem.Stat(path) is not null
        ? EtcdManifest.Load(context.FileSystem, path)
        : throw new SalvorException(ErrorCode.NotFound,
            $"The configuration names etcd's manifest {path}, which is not there.")
        {
            Hint = "Name it with --manifest where it was moved to, or give --data-dir, --name and --peer-urls.",
        };

    private static T? OrNull<T>(Func<T> load, bool mayFail)
        where T : class
    {
        try
        {
            return load();
        }
        catch (Exception e) when (e is SalvorException or CorruptDataException && mayFail)
        {
            return null;
        }
    }

    private ImmutableArray<string> PeerUrls(ParseResult parse, EtcdManifest? manifest) =>
        parse.GetValue(_peerUrls) is { } given
            ? [.. given.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)]
            : manifest is null
                ? ["http://localhost:2380"]
                : [.. manifest.InitialAdvertisePeerUrls.Select(u => u.OriginalString.TrimEnd('/'))];

    private static string NewToken(CommandContext context)
    {
        Span<byte> bytes = stackalloc byte[TokenBytes];
        context.Entropy.Fill(bytes);
        return "salvor-" + Convert.ToHexStringLower(bytes);
    }
}
