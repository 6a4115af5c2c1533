using System.Net;
using System.Net.Sockets;

namespace Salvor.Compare;

/// <summary>Ports for what is started here.</summary>
public static class LoopbackPort
{
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
