using System.Net.Sockets;
using System.Text;
using Salvor.Platform.Linux;

namespace Salvor.Tests.Platform;

/// <summary>What a daemon tells systemd, heard on a real datagram socket.</summary>
public sealed class ServiceManagerTests : IDisposable
{
    private const int OwnProcess = 4711;

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Every_word_is_a_datagram_of_its_own()
    {
        var path = _directory["notify"];
        using var systemd = Listen(path);
        using var manager = ManagerOf(("NOTIFY_SOCKET", path));
        manager.Ready();
        manager.Status("watching\nREADY=0\r\nprod");
        manager.Watchdog();
        manager.Stopping();

        Assert.Equal("READY=1", Hear(systemd));
        Assert.Equal("STATUS=watching READY=0 prod", Hear(systemd));
        Assert.Equal("WATCHDOG=1", Hear(systemd));
        Assert.Equal("STOPPING=1", Hear(systemd));
    }

    [Fact]
    public void A_socket_without_a_file_is_spoken_to_as_well()
    {
        var name = $"salvor-test-{Environment.ProcessId}";
        using var systemd = Listen($"\0{name}");
        using var manager = ManagerOf(("NOTIFY_SOCKET", $"@{name}"));
        manager.Ready();

        Assert.Equal("READY=1", Hear(systemd));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("relative")]
    [InlineData("/nobody/listens/here")]
    public void Where_nobody_listens_nothing_happens(string? socket)
    {
        using var manager = ManagerOf(("NOTIFY_SOCKET", socket), ("WATCHDOG_USEC", "1000000"));
        manager.Ready();
        manager.Stopping();

        Assert.Equal(socket?.StartsWith('/') == true, manager.WatchdogInterval is not null);
    }

    [Fact]
    public void A_full_queue_does_not_hold_the_daemon_up()
    {
        var path = _directory["notify"];
        using var systemd = Listen(path);
        using var manager = ManagerOf(("NOTIFY_SOCKET", path));
        for (var i = 0; i < 5000; i++)
        {
            manager.Watchdog();
        }

        Assert.Equal("WATCHDOG=1", Hear(systemd));
    }

    [Theory]
    [InlineData("30000000", null, 15_000)]
    [InlineData("30000000", "4711", 15_000)]
    [InlineData("30000000", "1", null)]
    [InlineData("0", null, null)]
    [InlineData("-5", null, null)]
    [InlineData("soon", null, null)]
    [InlineData("9223372036854775807", null, null)]
    public void The_watchdog_is_fed_twice_in_its_time_and_only_ours(string time, string? process, int? milliseconds)
    {
        using var manager = ManagerOf(("NOTIFY_SOCKET", "/run/n"), ("WATCHDOG_USEC", time), ("WATCHDOG_PID", process));

        Assert.Equal(milliseconds, (int?)manager.WatchdogInterval?.TotalMilliseconds);
    }

    private static ServiceManager ManagerOf(params (string Name, string? Value)[] environment) =>
        new(name => environment.FirstOrDefault(variable => variable.Name == name).Value, OwnProcess);

    private static Socket Listen(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified)
        {
            ReceiveTimeout = 5000,
        };
        socket.Bind(new UnixDomainSocketEndPoint(path));
        return socket;
    }

    private static string Hear(Socket socket)
    {
        var buffer = new byte[1000];
        return Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
    }
}
