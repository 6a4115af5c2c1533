using Salvor.Errors;
using Salvor.ObjectStore;
using Salvor.Platform;
using Salvor.Repository;

namespace Salvor.Recovery.Shared;

/// <summary>Says again and again that its owner lives. It has one owner, so it is put without a condition.</summary>
public sealed class HeartbeatWriter
{
    private readonly StoreJson _objects;
    private readonly HeartbeatOwner _owner;
    private readonly TimeProvider _time;
    private readonly string _run;
    private long _counter;

    public HeartbeatWriter(StoreJson objects, HeartbeatOwner owner, TimeProvider time, IEntropy entropy)
    {
        _objects = objects;
        _owner = owner;
        _time = time;
        _run = Nonce.New(entropy);
    }

    /// <summary>Puts the next beat.</summary>
    /// <exception cref="SalvorException">The store did not take it, or did not say so.</exception>
    public async Task BeatAsync(HeartbeatNews news, CancellationToken ct)
    {
        // Raised before the put: one whose answer is lost may arrive all the same, and its number is used up.
        _counter++;
        var beat = new Heartbeat
        {
            Holder = _owner.Holder.Value,
            Run = _run,
            Counter = _counter,
            Timeline = news.Timeline?.Value,
            BootId = _owner.BootId,
            MachineId = _owner.MachineId,
            State = news.State,
            Summary = news.Summary.Length > Heartbeat.SummaryLengthMax
                ? news.Summary[..Heartbeat.SummaryLengthMax]
                : news.Summary,
            Written = _time.GetUtcNow(),
        };
        var write = await _objects.WriteAsync(
            RecoveryNames.Heartbeat(_owner.Holder), beat, RecoveryJson.Default.Heartbeat, PutCondition.None, ct);
        if (write.Fault is { } fault)
        {
            throw fault;
        }
    }
}
