using System.Collections.Immutable;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Salvor.Errors;
using Salvor.Node.Runtime.Protos;
using Salvor.Platform;

namespace Salvor.Node.Runtime;

/// <summary>
/// Speaks to the machine's container runtime (containerd, CRI-O) as kubelet does: CRI v1 on its socket.
/// </summary>
/// <remarks>Every call has a deadline: a runtime that hangs is itself something that has to be told.</remarks>
public sealed class ContainerRuntime : IDisposable
{
    private const string NamespaceLabel = "io.kubernetes.pod.namespace";
    private const string NameLabel = "io.kubernetes.container.name";
    private const string SystemNamespace = "kube-system";
    private const int AnswerBytesMax = 16 << 20;

    private static readonly ImmutableArray<string> UsualSockets =
        ["/run/containerd/containerd.sock", "/run/crio/crio.sock", "/var/run/cri-dockerd.sock"];

    private static readonly TimeSpan LookLimit = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan DeedLimit = TimeSpan.FromSeconds(60);

    private readonly GrpcChannel _channel;
    private readonly RuntimeService.RuntimeServiceClient _client;
    private readonly TimeProvider _time;
    private readonly string _socket;

    public ContainerRuntime(string socket, TimeProvider time)
    {
        _socket = socket;
        _time = time;
        var handler = new SocketsHttpHandler { UseProxy = false, ConnectCallback = ConnectAsync };
        _channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = AnswerBytesMax,
            MaxRetryAttempts = 1,
        });
        _client = new RuntimeService.RuntimeServiceClient(_channel);
    }

    /// <summary>The socket of the runtime on this machine; the first usual one where none is there now.</summary>
    public static string FindSocket(IFileSystem files) =>
        UsualSockets.FirstOrDefault(path => files.Stat(path) is not null) ?? UsualSockets[0];

    /// <summary>Its name and version, as in "containerd 1.6.20".</summary>
    /// <exception cref="SalvorException">It does not answer.</exception>
    public async Task<string> VersionAsync(CancellationToken ct)
    {
        var answer = await CallAsync(o => _client.VersionAsync(new VersionRequest(), o), LookLimit, ct);
        return $"{answer.RuntimeName} {answer.RuntimeVersion}";
    }

    /// <summary>The containers of the pods in kube-system, the newest first.</summary>
    public async Task<ImmutableArray<PodContainer>> ListContainersAsync(CancellationToken ct)
    {
        var request = new ListContainersRequest { Filter = new ContainerFilter() };
        request.Filter.LabelSelector.Add(NamespaceLabel, SystemNamespace);
        var answer = await CallAsync(o => _client.ListContainersAsync(request, o), LookLimit, ct);
        return
        [
            .. answer.Containers.OrderByDescending(c => c.CreatedAt).Select(c => new PodContainer(
                c.Id, c.Labels.TryGetValue(NameLabel, out var name) ? name : c.Metadata?.Name ?? "",
                c.Metadata?.Attempt ?? 0, c.PodSandboxId, c.State == ContainerState.ContainerRunning,
                c.State == ContainerState.ContainerExited, TimeOf(c.CreatedAt))),
        ];
    }

    /// <summary>The sandboxes of the pods in kube-system, the newest first.</summary>
    public async Task<ImmutableArray<PodSandbox>> ListSandboxesAsync(CancellationToken ct)
    {
        var request = new ListPodSandboxRequest { Filter = new PodSandboxFilter() };
        request.Filter.LabelSelector.Add(NamespaceLabel, SystemNamespace);
        var answer = await CallAsync(o => _client.ListPodSandboxAsync(request, o), LookLimit, ct);
        return
        [
            .. answer.Items.OrderByDescending(s => s.CreatedAt).Select(s => new PodSandbox(
                s.Id, s.Metadata?.Name ?? "", s.Metadata?.Namespace ?? "",
                s.State == PodSandboxState.SandboxReady, TimeOf(s.CreatedAt))),
        ];
    }

    /// <summary>Ends a container: with SIGTERM, and with SIGKILL after <paramref name="grace"/>.</summary>
    public Task StopContainerAsync(string id, TimeSpan grace, CancellationToken ct) => CallAsync(
        o => _client.StopContainerAsync(
            new StopContainerRequest { ContainerId = id, Timeout = (long)grace.TotalSeconds }, o),
        grace + DeedLimit, ct);

    public Task RemoveContainerAsync(string id, CancellationToken ct) => CallAsync(
        o => _client.RemoveContainerAsync(new RemoveContainerRequest { ContainerId = id }, o), DeedLimit, ct);

    /// <summary>Ends what a sandbox still runs, and forgets it with its name.</summary>
    public async Task RemoveSandboxAsync(string id, CancellationToken ct)
    {
        await CallAsync(
            o => _client.StopPodSandboxAsync(new StopPodSandboxRequest { PodSandboxId = id }, o), DeedLimit, ct);
        await CallAsync(
            o => _client.RemovePodSandboxAsync(new RemovePodSandboxRequest { PodSandboxId = id }, o), DeedLimit, ct);
    }

    public void Dispose() => _channel.Dispose();

    private static DateTimeOffset TimeOf(long nanoseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(Math.Clamp(nanoseconds / 100, 0, TimeSpan.TicksPerDay * 365_000));

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(_socket), ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<T> CallAsync<T>(
        Func<CallOptions, AsyncUnaryCall<T>> call, TimeSpan limit, CancellationToken ct)
    {
        try
        {
            using var running = call(new CallOptions(
                deadline: _time.GetUtcNow().UtcDateTime + limit, cancellationToken: ct));
            return await running;
        }
        catch (RpcException e)
        {
            ct.ThrowIfCancellationRequested();
            var status = e.Status;
            throw new SalvorException(ErrorCode.Failed, $"The container runtime at {_socket}: {status.Detail}", e)
            {
                IsTransient = status.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded,
            };
        }
    }
}
