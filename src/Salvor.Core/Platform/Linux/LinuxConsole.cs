using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Salvor.Platform.Linux;

/// <summary>/dev/console, or whatever path is given in its place.</summary>
/// <remarks>
/// A serial line that nobody reads would hold its writer up, so the device is opened and written without waiting: what
/// it does not take at once is lost. It never becomes this process's terminal.
/// </remarks>
public sealed unsafe class LinuxConsole(string path = LinuxConsole.DevicePath) : IMachineConsole
{
    public const string DevicePath = "/dev/console";

    public void TryWrite(string text)
    {
        const int Flags = Native.OpenWriteOnly | Native.OpenNonBlocking | Native.OpenNoTerminal
            | Native.OpenCloseOnExec;
        var fd = Native.Open(path, Flags, 0);
        if (fd < 0)
        {
            return;
        }

        using var handle = new SafeFileHandle(fd, ownsHandle: true);
        var content = Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"));
        fixed (byte* bytes = content)
        {
            _ = Native.Write(fd, bytes, (nuint)content.Length);
        }
    }
}
