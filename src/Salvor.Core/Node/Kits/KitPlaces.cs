using System.Collections.Immutable;

namespace Salvor.Node.Kits;

/// <summary>Where the files of a kit are looked for.</summary>
public sealed record KitPlaces
{
    /// <summary>
    /// The machine's root directory; another one where salvor runs in a container that sees it elsewhere.
    /// </summary>
    public string Root { get; init; } = "/";

    /// <summary>Files and directories beyond those that Kubernetes itself needs.</summary>
    public ImmutableArray<string> Extra { get; init; } = [];
}
