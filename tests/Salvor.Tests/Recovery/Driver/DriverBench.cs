using System.Collections.Immutable;
using Salvor.Recovery.Driver;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;

namespace Salvor.Tests.Recovery.Driver;

/// <summary>
/// A driver whose eyes, hands and journal do what a test says, and note in which order they were used.
/// </summary>
internal sealed class DriverBench : ILookout, IHands, IJournal
{
    private readonly RecoveryDriver _driver;
    private int _looksLeft = int.MaxValue;
    private CancellationTokenSource? _stop;

    public DriverBench(RecoverySettings settings) => _driver = new RecoveryDriver(
        new RecoveryMachine(settings), this, this, this, Time, new DriverOptions());

    public LeapingTime Time { get; } = new();

    public List<string> Events { get; } = [];

    public Observations Seen { get; set; } = Observations.None;

    /// <summary>What the next appends say; after them all are written.</summary>
    public Queue<AppendResult> Answers { get; } = new();

    public Func<CancellationToken, Task<StepReport>> Does { get; set; } =
        _ => Task.FromResult(StepReport.Done());

    public List<JournalEntry> Entries { get; } = [];

    public EngineState State => _driver.State;

    public Task<bool> TurnAsync() => _driver.TurnAsync(TestContext.Current.CancellationToken);

    public Task ResumeAsync() => _driver.ResumeAsync(TestContext.Current.CancellationToken);

    /// <summary>Has the driver run until it has looked so often.</summary>
    public async Task RunAsync(int looks)
    {
        _looksLeft = looks;
        using var stop = _stop = CancellationTokenSource.CreateLinkedTokenSource(
            TestContext.Current.CancellationToken);
        Assert.True(await _driver.RunAsync(stop.Token));
        _stop = null;
    }

    public Task<Observations> LookAsync(CancellationToken ct)
    {
        _looksLeft--;
        if (_looksLeft == 0)
        {
            _stop?.Cancel();
        }

        return Task.FromResult(Seen);
    }

    public Task<StepReport> DoAsync(StepOrder order, CancellationToken ct)
    {
        Events.Add($"do {order.Step}");
        return Does(ct);
    }

    public Task<ImmutableArray<JournalEntry>> ReadAsync(CancellationToken ct) =>
        Task.FromResult(Entries.ToImmutableArray());

    public Task<AppendResult> AppendAsync(JournalEntry entry, CancellationToken ct)
    {
        var answer = Answers.TryDequeue(out var said) ? said : AppendResult.Written;
        if (answer == AppendResult.Written)
        {
            Events.Add($"{entry.Kind}{(entry.Step is { } step ? $" {step}" : "")}");
            Entries.Add(entry);
        }

        return Task.FromResult(answer);
    }
}
