using System.Text;
using Salvor.Errors;
using Salvor.Platform;

namespace Salvor.Recovery.Gate;

/// <summary>How people break the glass: once by a file that the gate takes away, or for as long as a kernel says so.
/// </summary>
/// <param name="files">The machine's files.</param>
/// <param name="root">Where the machine's root directory is.</param>
public sealed class GateOverride(IFileSystem files, string root)
{
    public const string FilePath = "/var/lib/salvor/gate-override";

    /// <summary>The word of the kernel's command line.</summary>
    public const string KernelSwitch = "salvor.gate=off";

    private const string KernelLinePath = "/proc/cmdline";
    private const int KernelLineBytesMax = 64 << 10;

    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead
        | UnixFileMode.OtherRead;

    private const UnixFileMode DirectoryMode = FileMode | UnixFileMode.UserExecute | UnixFileMode.GroupExecute
        | UnixFileMode.OtherExecute;

    private readonly string _path = root.TrimEnd('/') + FilePath;

    /// <summary>What holds now. What can't be read says nothing.</summary>
    public GateSwitch Read()
    {
        try
        {
            var line = SmallFile.TryRead(files, root.TrimEnd('/') + KernelLinePath, KernelLineBytesMax) ?? [];
            var words = Encoding.UTF8.GetString(line).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
            return words.Contains(KernelSwitch) ? GateSwitch.OffByKernel
                : files.Stat(_path) is not null ? GateSwitch.OverriddenOnce : GateSwitch.On;
        }
        catch (SalvorException)
        {
            return GateSwitch.On;
        }
    }

    /// <summary>Lets the next run of the gate pass, whatever it sees.</summary>
    /// <param name="text">Who wants it and when, for people who find the file.</param>
    public void Arm(string text)
    {
        SmallFile.EnsureDirectory(files, Path.GetDirectoryName(_path)!, DirectoryMode);
        SmallFile.Write(files, _path, Encoding.UTF8.GetBytes(text + "\n"), FileMode);
    }

    /// <summary>Takes the file away: once is once.</summary>
    public void Use()
    {
        files.DeleteOwnFile(_path);
        files.FlushDirectory(Path.GetDirectoryName(_path)!);
    }
}
