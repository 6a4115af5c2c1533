using System.Buffers;
using System.Text.Json;
using Salvor.Errors;
using Salvor.Platform;

namespace Salvor.Node.Identity;

/// <summary>The stamp of a machine, in a file of its own beside nothing that a lost volume takes along.</summary>
/// <param name="files">The machine's files.</param>
/// <param name="root">Where the machine's root directory is.</param>
public sealed class NodeIdentityFile(IFileSystem files, string root)
{
    public const string FilePath = "/var/lib/salvor/identity.json";

    private const int BytesMax = 64 << 10;
    private const int TextMax = 4096;
    private const int IdDigitsMax = 16;

    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead
        | UnixFileMode.OtherRead;

    private const UnixFileMode DirectoryMode = FileMode | UnixFileMode.UserExecute | UnixFileMode.GroupExecute
        | UnixFileMode.OtherExecute;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    public string Path { get; } = root.TrimEnd('/') + FilePath;

    /// <summary>What it says; null when there is none.</summary>
    /// <exception cref="SalvorException">It can't be read, or is not as Salvor wrote it.</exception>
    public NodeIdentity? TryRead()
    {
        if (SmallFile.TryRead(files, Path, BytesMax) is not { } content)
        {
            return null;
        }

        NodeIdentity? identity;
        try
        {
            identity = JsonSerializer.Deserialize(content, NodeIdentityJson.Default.NodeIdentity);
        }
        catch (JsonException e)
        {
            throw Bad("is no stamp of Salvor's", e);
        }

        return identity is null ? throw Bad("is no stamp of Salvor's", inner: null)
            : FaultOf(identity) is { } fault ? throw Bad(fault, inner: null)
            : identity;
    }

    /// <summary>Writes it where it says something else; a crash leaves the old one or the new one.</summary>
    /// <returns>Whether anything was written.</returns>
    public bool Write(NodeIdentity identity)
    {
        if (FaultOf(identity) is { } fault)
        {
            throw new ArgumentException($"The stamp {fault}.", nameof(identity));
        }

        if (identity.SaysTheSameAs(ReadOrNull()))
        {
            return false;
        }

        SmallFile.EnsureDirectory(files, System.IO.Path.GetDirectoryName(Path)!, DirectoryMode);
        var content = JsonSerializer.SerializeToUtf8Bytes(identity, NodeIdentityJson.Default.NodeIdentity);
        SmallFile.Write(files, Path, [.. content, (byte)'\n'], FileMode);
        return true;
    }

    /// <summary>Takes the stamp away.</summary>
    public void Delete()
    {
        files.DeleteOwnFile(Path);
        files.FlushDirectory(System.IO.Path.GetDirectoryName(Path)!);
    }

    /// <summary>What it says; null also where it is unreadable, for whoever writes another one.</summary>
    public NodeIdentity? ReadOrNull()
    {
        try
        {
            return TryRead();
        }
        catch (SalvorException)
        {
            return null;
        }
    }

    private static string? FaultOf(NodeIdentity identity)
    {
        if (!IsId(identity.ClusterId) || !IsId(identity.MemberId))
        {
            return "has an id that etcd does not give";
        }

        if (identity.Timeline is <= 0)
        {
            return "has a timeline below 1";
        }

        if (!IsDirectory(identity.DataDirectory))
        {
            return "names no absolute data directory";
        }

        return identity.Mount is { } mount
            && (!IsDirectory(mount.Point) || mount.Kind.Length > TextMax || mount.Uuid?.Length > TextMax)
            ? "names no place where a file system can be mounted"
            : null;
    }

    private static bool IsId(string text) =>
        text.Length is > 0 and <= IdDigitsMax && !text.AsSpan().ContainsAnyExcept(HexDigits);

    private static bool IsDirectory(string path) => path.Length is > 0 and <= TextMax && path[0] == '/';

    private SalvorException Bad(string why, Exception? inner) => new(ErrorCode.WrongKind, $"{Path} {why}.", inner)
    {
        Hint = "Run salvor protect while etcd is well: it writes the stamp anew.",
    };
}
