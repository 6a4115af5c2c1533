using System.Runtime.InteropServices;

namespace Salvor.Lab.Host;

/// <summary>Signals to processes that the lab started, by their id.</summary>
public static partial class Signals
{
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Stop = 19;
    public const int Continue = 18;

    /// <summary>SIGRTMIN+4, which tells systemd as init to power off.</summary>
    public const int PowerOff = 38;

    /// <summary>Sends a signal.</summary>
    /// <returns>False when there is no such process any more.</returns>
    public static bool TrySend(int process, int signal) => Send(process, signal) == 0;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Send(int process, int signal);
}
