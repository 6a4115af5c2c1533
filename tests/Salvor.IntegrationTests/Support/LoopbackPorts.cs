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
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port) { ExclusiveAddressUse = true };
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: try the next.
            }
        }
    }
}
