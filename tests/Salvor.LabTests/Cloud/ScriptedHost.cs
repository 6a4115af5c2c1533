using System.Collections.Concurrent;
using Salvor.Lab.Cloud;

namespace Salvor.LabTests.Cloud;

/// <summary>A host without machines: it writes down what it is told, and behaves as the test says.</summary>
internal sealed class ScriptedHost : IMachineHost
{
    private readonly ConcurrentDictionary<string, bool> _on = new();

    public ConcurrentQueue<string> Calls { get; } = new();

    public bool Answers { get; set; } = true;

    public bool ObeysShutdown { get; set; } = true;

    public bool LetsGo { get; set; } = true;

    /// <summary>While it is not complete, a machine takes its time to start.</summary>
    public Task PowerOnGate { get; set; } = Task.CompletedTask;

    public MachineOrder? LastOrder { get; private set; }

    public Task CreateAsync(MachineOrder order, CancellationToken cancel)
    {
        LastOrder = order;
        return Say($"create {order.Instance}");
    }

    public async Task PowerOnAsync(string instance, CancellationToken cancel)
    {
        await PowerOnGate;
        _on[instance] = true;
        await Say($"on {instance}");
    }

    public Task<bool> ShutDownAsync(string instance, TimeSpan patience, CancellationToken cancel)
    {
        Calls.Enqueue($"shutdown {instance}");
        if (ObeysShutdown)
        {
            _on[instance] = false;
        }

        return Task.FromResult(ObeysShutdown);
    }

    public Task PowerOffAsync(string instance, CancellationToken cancel)
    {
        _on[instance] = false;
        return Say($"off {instance}");
    }

    public Task RemoveAsync(string instance, CancellationToken cancel) => Say($"remove {instance}");

    public bool IsOn(string instance) => _on.GetValueOrDefault(instance);

    public Task<bool> AnswersAsync(string instance, TimeSpan patience, CancellationToken cancel) =>
        Task.FromResult(Answers && IsOn(instance));

    public Task CreateVolumeAsync(string volume, int sizeGiB, string? snapshot, CancellationToken cancel) =>
        Say($"create {volume} {sizeGiB} {snapshot}");

    public Task DeleteVolumeAsync(string volume, CancellationToken cancel) => Say($"delete {volume}");

    public Task AttachAsync(string volume, string instance, string device, CancellationToken cancel) =>
        Say($"attach {volume} {instance} {device}");

    public Task<bool> DetachAsync(string volume, string instance, bool force, CancellationToken cancel)
    {
        Calls.Enqueue($"detach {volume} {instance}");
        return Task.FromResult(LetsGo || force);
    }

    public Task CreateSnapshotAsync(string snapshot, string volume, CancellationToken cancel) =>
        Say($"snapshot {snapshot} {volume}");

    public Task DeleteSnapshotAsync(string snapshot, CancellationToken cancel) => Say($"delete {snapshot}");

    public Task MoveAddressAsync(string address, string? instance, CancellationToken cancel) =>
        Say($"move {address} {instance}");

    private Task Say(string call)
    {
        Calls.Enqueue(call);
        return Task.CompletedTask;
    }
}
