using System.Net;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Salvor.Lab.Network;

/// <summary>Opens a port in another network namespace: a socket stays in the one that it was made in.</summary>
public static partial class NamespaceSocket
{
    private const int NetworkNamespace = 0x40000000;

    /// <summary>A socket that is bound in the namespace. Who serves it makes it listen.</summary>
    /// <exception cref="LabException">The namespace can't be entered, or the address is taken.</exception>
    public static Socket Bind(string namespaceFile, IPEndPoint address)
    {
        Socket? socket = null;
        ExceptionDispatchInfo? failure = null;
        // The kernel moves threads, not processes. This one is not the pool's, and ends with the move.
        var thread = new Thread(() =>
        {
            try
            {
                Enter(namespaceFile);
                socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(address);
            }
            catch (Exception cause) when (cause is LabException or SocketException or IOException)
            {
                socket?.Dispose();
                failure = ExceptionDispatchInfo.Capture(
                    cause as LabException ?? new LabException($"Cannot listen on {address}: {cause.Message}"));
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return socket!;
    }

    private static void Enter(string namespaceFile)
    {
        using var file = File.OpenHandle(namespaceFile);
        if (SetNamespace((int)file.DangerousGetHandle(), NetworkNamespace) != 0)
        {
            throw new LabException($"Cannot enter {namespaceFile}: {Marshal.GetLastPInvokeErrorMessage()}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int descriptor, int kind);
}
