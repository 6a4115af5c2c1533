using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Salvor.Platform.Linux;

/// <summary>
/// systemd, told through the datagram socket that it names in <c>NOTIFY_SOCKET</c>; nobody where it names none.
/// </summary>
/// <remarks>
/// A datagram is taken at once or dropped: a service manager that hangs never holds the daemon up. A socket of this
/// kind needs no connection, so a service manager that was restarted is told again by the next word.
/// </remarks>
public sealed class ServiceManager : IServiceManager, IDisposable
{
    private const string SocketVariable = "NOTIFY_SOCKET";
    private const string WatchdogVariable = "WATCHDOG_USEC";
    private const string WatchdogProcessVariable = "WATCHDOG_PID";

    /// <summary>What a socket's path may have: sun_path of Linux, without its last zero.</summary>
    private const int PathBytesMax = 107;

    private const int StatusLengthMax = 500;

    private readonly Socket? _socket;
    private readonly UnixDomainSocketEndPoint? _manager;

    /// <param name="variable">The environment, by a variable's name.</param>
    /// <param name="processId">This process: a watchdog that is meant for another one is none.</param>
    public ServiceManager(Func<string, string?> variable, int processId)
    {
        _manager = EndPointOf(variable(SocketVariable));
        _socket = _manager is null
            ? null
            : new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
        var isOurs = variable(WatchdogProcessVariable) is not { Length: > 0 } process
            || (int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id == processId);
        var isSet = long.TryParse(
            variable(WatchdogVariable), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds);
        WatchdogInterval = _socket is not null && isOurs && isSet && microseconds is > 0 and < long.MaxValue / 10
            ? TimeSpan.FromMicroseconds(microseconds) / 2
            : null;
    }

    public TimeSpan? WatchdogInterval { get; }

    public void Ready() => Tell("READY=1");

    public void Watchdog() => Tell("WATCHDOG=1");

    public void Stopping() => Tell("STOPPING=1");

    public void Status(string text)
    {
        // One assignment a line: what comes after a line's end would be another word of ours.
        var line = text.ReplaceLineEndings(" ").Replace('\n', ' ');
        Tell($"STATUS={(line.Length > StatusLengthMax ? line[..StatusLengthMax] : line)}");
    }

    public void Dispose() => _socket?.Dispose();

    private static UnixDomainSocketEndPoint? EndPointOf(string? path) =>
        path is { Length: > 1 } && path[0] is '/' or '@' && Encoding.UTF8.GetByteCount(path) <= PathBytesMax
            ? new UnixDomainSocketEndPoint(path[0] == '@' ? $"\0{path[1..]}" : path)
            : null;

    private void Tell(string word)
    {
        if (_socket is null || _manager is null)
        {
            return;
        }

        try
        {
            _socket.SendTo(Encoding.UTF8.GetBytes(word), _manager);
        }
        catch (SocketException)
        {
            // Nobody listens, or its queue is full. The next word may come through.
        }
    }
}
