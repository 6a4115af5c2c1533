using System.CommandLine;
using Salvor.Configuration;
using Salvor.Node.Kits;

namespace Salvor.Cli;

/// <summary>Which kit goes along with a backup.</summary>
internal static class KitOfMachine
{
    /// <returns>
    /// Null where etcd is on another machine: what lies here would be another one's, and nobody would notice until it
    /// is needed.
    /// </returns>
    public static KitCapture? Find(ParseResult parse, CommandContext context, EtcdOptions etcd, KitConfig config)
    {
        var isHere = config.Root is not null || etcd.Resolve(parse, context).Endpoints.Any(url => url.IsLoopback);
        var places = new KitPlaces { Root = config.Root ?? "/", Extra = config.Extra };
        return isHere ? new KitCapture(context.FileSystem, context.Time, places) : null;
    }
}
