using System.CommandLine;
using Salvor.Restore;

namespace Salvor.Cli;

/// <summary>The options that say what a new member shall be and where it goes; restore and salvage share them.</summary>
internal sealed class TargetOptions
{
    public const long CustomaryBump = 1_000_000_000;

    private readonly Option<string> _dataDirectory = new("--data-dir", "--to")
    {
        Description = "etcd's --data-dir: new, empty, or with --quarantine one that holds a member.",
        HelpName = "DIR",
        Required = true,
    };

    private readonly Option<string?> _walDirectory = new("--wal-dir")
    {
        Description = "etcd's --wal-dir, where the log has a directory of its own.",
        HelpName = "DIR",
    };

    private readonly Option<string> _name = new("--name")
    {
        Description = "etcd's --name.",
        DefaultValueFactory = _ => "default",
    };

    private readonly Option<string[]> _peerUrls = new("--peer-urls")
    {
        Description = "etcd's --initial-advertise-peer-urls.",
        HelpName = "URL",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => ["http://localhost:2380"],
    };

    private readonly Option<string?> _clusterToken = new("--cluster-token")
    {
        Description = "etcd's --initial-cluster-token. A new one by default, so that nothing of the old cluster can talk to the new one.",
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

    private readonly Option<long> _revisionBump = new("--revision-bump")
    {
        Description = $"Raise the revision by this much and mark everything before as compacted, so that clients that saw the lost future list again. {CustomaryBump} is customary.",
        HelpName = "N",
    };

    private readonly Option<int> _leafPages = new("--leaf-pages")
    {
        Description = "Pages that a leaf of the written file may fill, 1 to 256.",
        HelpName = "N",
        DefaultValueFactory = _ => 16,
    };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[]
        {
            _dataDirectory, _walDirectory, _name, _peerUrls, _clusterToken, _quarantine, _compact, _revisionBump, _leafPages,
        })
        {
            command.Options.Add(option);
        }
    }

    public RestoreOptions Read(ParseResult parse, string freshToken) => new()
    {
        DataDirectory = parse.GetRequiredValue(_dataDirectory),
        WalDirectory = parse.GetValue(_walDirectory),
        Name = parse.GetRequiredValue(_name),
        PeerUrls = [.. parse.GetRequiredValue(_peerUrls).SelectMany(u => u.Split(',', StringSplitOptions.RemoveEmptyEntries))],
        ClusterToken = parse.GetValue(_clusterToken) ?? freshToken,
        MayQuarantine = parse.GetValue(_quarantine),
        IsCompacted = parse.GetValue(_compact),
        RevisionBump = parse.GetValue(_revisionBump),
        LeafPages = parse.GetValue(_leafPages),
    };
}
