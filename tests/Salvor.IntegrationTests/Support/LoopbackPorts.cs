using System.Net;
using System.Net.Sockets;

namespace Salvor.IntegrationTests.Support;

/// <summary>Free TCP ports of the loopback interface, below the range from which the kernel itself picks.</summary>
public static class LoopbackPorts
{
    private const int First = 15000;
    private const int Last = 32000;
    private static int _next = Random.Shared.Next(First, Last);

    /// <summary>A port that nobody listens on now, and that this process has not handed out lately.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = First + (Interlocked.Increment(ref _next) % (Last - First));
            if (IsFree(port))
            {
                return port;
            }
        }
    }

    /// <summary>
    /// Asked by connecting, not by listening: a program that another test starts at that moment inherits a listener
    /// until it is loaded, and the port would be in use for that long, by nobody.
    /// </summary>
    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return false;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.ConnectionRefused;
        }
    }
}
