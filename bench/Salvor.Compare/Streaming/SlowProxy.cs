using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Salvor.Compare.Streaming;

/// <summary>Stands before a store on loopback and delays every PUT, as the way to a bucket does.</summary>
/// <remarks>A connection carries one request: the store behind it closes each after its answer.</remarks>
public sealed class SlowProxy : IAsyncDisposable
{
    private static readonly int MethodBytes = "PUT ".Length;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private readonly List<StorePut> _puts = [];
    private readonly HashSet<Task> _serving = [];
    private readonly int _storePort;
    private readonly LogNormal _delays;
    private readonly Task _accepting;

    public SlowProxy(int storePort, LogNormal delays)
    {
        _storePort = storePort;
        _delays = delays;
        _listener.Start();
        Endpoint = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    public Uri Endpoint { get; }

    /// <summary>Every PUT so far.</summary>
    public IReadOnlyList<StorePut> Puts
    {
        get
        {
            lock (_gate)
            {
                return [.. _puts];
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _accepting;
        Task[] serving;
        lock (_gate)
        {
            serving = [.. _serving];
        }

        await Task.WhenAll(serving);
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                Track(ServeAsync(client));
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Track(Task task)
    {
        lock (_gate)
        {
            _serving.RemoveWhere(other => other.IsCompleted);
            _serving.Add(task);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var owned = client;
        client.NoDelay = true;
        try
        {
            var head = new byte[4096];
            var near = client.GetStream();
            var read = await near.ReadAtLeastAsync(head, MethodBytes, throwOnEndOfStream: false, _end.Token);
            if (read < MethodBytes)
            {
                return;
            }

            var isPut = head.AsSpan(0, MethodBytes).SequenceEqual("PUT "u8);
            var delay = isPut ? _delays.Next() : TimeSpan.Zero;
            await Task.Delay(delay, _end.Token);
            var begin = Stopwatch.GetTimestamp();
            await ForwardAsync(near, head.AsMemory(0, read));
            if (isPut)
            {
                lock (_gate)
                {
                    _puts.Add(new StorePut(delay, Stopwatch.GetElapsedTime(begin)));
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // One side went away; the other learns of it by the end of its connection.
        }
    }

    private async Task ForwardAsync(NetworkStream near, ReadOnlyMemory<byte> head)
    {
        using var store = new TcpClient { NoDelay = true };
        await store.ConnectAsync(IPAddress.Loopback, _storePort, _end.Token);
        var far = store.GetStream();
        await far.WriteAsync(head, _end.Token);
        using var answered = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        var sending = near.CopyToAsync(far, answered.Token);
        try
        {
            await far.CopyToAsync(near, _end.Token);
        }
        finally
        {
            // The answer is there, or one side is gone: what the client would still send is of no use.
            await answered.CancelAsync();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
