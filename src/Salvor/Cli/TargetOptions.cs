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
/// What is not given comes from etcd's static-pod manifest where there is one, else it is etcd's own default.
/// </remarks>
internal sealed class TargetOptions
{
    /// <summary>Above anything that a cluster writes between two looks at it.</summary>
    public const long CustomaryBump = 1_000_000_000;
    private const int TokenBytes = 8;

    private readonly Option<string?> _dataDirectory;

    private readonly Option<string?> _manifest = new("--manifest")
    {
        Description = $"etcd's static-pod manifest, which tells what is not given here; {EtcdManifest.DefaultPath} "
            + "where it exists.",
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

    /// <param name="aliases">Other names of <c>--data-dir</c>.</param>
    public TargetOptions(params string[] aliases) => _dataDirectory = new Option<string?>("--data-dir", aliases)
    {
        Description = "etcd's --data-dir: new, empty, or with --quarantine one that holds a member.",
        HelpName = "DIR",
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[
            _dataDirectory, _walDirectory, _name, _peerUrls, _clusterToken, _manifest, _quarantine, _compact,
                _revisionBump, _leafPages])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Puts together what the options and the manifest say.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="context">For the manifest's file, and the randomness of a new token.</param>
    /// <param name="bumpDefault">How far the revision is raised where nobody says.</param>
    public RestoreOptions Read(ParseResult parse, CommandContext context, long bumpDefault = 0)
    {
        var manifest = LoadManifest(parse, context);
        var named = parse.GetValue(_dataDirectory) ?? manifest?.DataDirectory
            ?? throw new SalvorException(ErrorCode.Usage,
                "The target is not named: --data-dir is missing, and there is no manifest to take it from.")
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

    /// <summary>
    /// The log directory that the manifest names for a data directory; null where it tells nothing of it.
    /// </summary>
    public string? ManifestWalDirectory(string dataDirectory, ParseResult parse, CommandContext context) =>
        WalDirectoryOf(MemberLayout.Clean(dataDirectory), LoadManifest(parse, context), context);

    /// <summary>
    /// The manifest's log directory belongs to the manifest's data directory: a restore elsewhere must not touch it.
    /// </summary>
    private static string? WalDirectoryOf(string dataDirectory, EtcdManifest? manifest, CommandContext context) =>
        manifest is not null && dataDirectory.Length > 0
            && Place.IsSame(context.FileSystem, dataDirectory, manifest.DataDirectory)
            ? manifest.WalDirectory
            : null;

    private EtcdManifest? LoadManifest(ParseResult parse, CommandContext context)
    {
        if (parse.GetValue(_manifest) is { } named)
        {
            return EtcdManifest.Load(context.FileSystem, named);
        }

        if (context.FileSystem.Stat(EtcdManifest.DefaultPath) is null)
        {
            return null;
        }

        var saysAll = parse.GetValue(_dataDirectory) is not null && parse.GetValue(_name) is not null
            && parse.GetValue(_peerUrls) is not null;
        try
        {
            return EtcdManifest.Load(context.FileSystem, EtcdManifest.DefaultPath);
        }
        catch (Exception e) when (e is SalvorException or CorruptDataException && saysAll)
        {
            return null; // A broken manifest may be part of the disaster: who says everything needs none.
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
