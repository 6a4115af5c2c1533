using Salvor.Lab.Cloud.Alarms;
using Salvor.Lab.Cloud.Model;

namespace Salvor.Lab.Cloud;

/// <summary>
/// Drives a region: lets the host do what is due, makes the status checks, and has the alarms evaluated. The one lock
/// around the pure parts is here.
/// </summary>
public sealed class CloudService
{
    private static readonly TimeSpan CheckPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan[] OwnCadences = [AlarmBook.Quick, AlarmBook.Slow];
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly IMachineHost _host;
    private readonly StatusChecks _checks;
    private readonly Dictionary<TimeSpan, DateTimeOffset> _nextEvaluations;
    private DateTimeOffset _nextCheck;

    public CloudService(RegionOptions options, IMachineHost host, TimeProvider clock, double scale)
    {
        _host = host;
        Region = new Region(options, new CloudTime(clock, scale));
        Alarms = new AlarmBook(Region, Metrics);
        _checks = new StatusChecks(Region, Metrics);
        _nextCheck = Region.Time.Now + Region.Time.Real(CheckPeriod);
        _nextEvaluations = OwnCadences.ToDictionary(
            cadence => cadence, cadence => Region.Time.Now + Region.Time.Real(cadence));
    }

    /// <summary>The region, to be touched inside of <see cref="Do{T}"/> only.</summary>
    public Region Region { get; }

    public MetricStore Metrics { get; } = new();

    public AlarmBook Alarms { get; }

    public RequestLog Requests { get; } = new();

    /// <summary>The last failure of the host, for whoever wonders why an instance did not start.</summary>
    public Exception? LastHostFailure { get; private set; }

    public void ForgetHostFailure() => LastHostFailure = null;

    public T Do<T>(Func<Region, T> work)
    {
        lock (_lock)
        {
            return work(Region);
        }
    }

    public void Do(Action<Region> work)
    {
        lock (_lock)
        {
            work(Region);
        }
    }

    /// <summary>Does all that is due, and returns when it is done.</summary>
    public async Task StepAsync(CancellationToken ct)
    {
        await Task.WhenAll(StartDue(ct));
        NoticeMachinesThatWentDown();
        EvaluateBetweenChecks();
        if (Region.Time.Now < _nextCheck)
        {
            return;
        }

        _nextCheck = Region.Time.Now + Region.Time.Real(CheckPeriod);
        await CheckAsync(ct);
    }

    /// <summary>Steps until it is cancelled. Slow work of the host holds up nothing else.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var checking = Task.CompletedTask;
        while (true)
        {
            StartDue(ct);
            NoticeMachinesThatWentDown();
            EvaluateBetweenChecks();
            if (checking.IsCompleted && Region.Time.Now >= _nextCheck)
            {
                await checking;
                _nextCheck = Region.Time.Now + Region.Time.Real(CheckPeriod);
                checking = CheckAsync(ct);
            }

            await Task.Delay(Beat, Region.Time.Clock, ct);
        }
    }

    private List<Task> StartDue(CancellationToken ct) =>
        [.. Do(region => region.TakeDue()).Select(effect => DoAsync(effect, ct))];

    private async Task DoAsync(Effect effect, CancellationToken ct)
    {
        var done = false;
        try
        {
            done = await effect.Act(_host, ct);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Whatever a host may throw, the cloud's answer to it is a state, as it is on AWS.
            LastHostFailure = failure;
        }

        Do(_ => effect.Done(done));
    }

    private void NoticeMachinesThatWentDown() => Do(region =>
    {
        region.Forget();
        foreach (var one in region.State.Instances.Values)
        {
            if (one is { State: InstanceState.Running, IsHostUp: true, IsBusy: false } && !_host.IsOn(one.Id))
            {
                region.WentDown(one.Id);
            }
        }
    });

    /// <summary>Evaluates the alarms whose turn does not come with the checks, as most alarms' does.</summary>
    private void EvaluateBetweenChecks()
    {
        foreach (var cadence in OwnCadences.Where(one => Region.Time.Now >= _nextEvaluations[one]))
        {
            _nextEvaluations[cadence] = Region.Time.Now + Region.Time.Real(cadence);
            Do(_ => Alarms.Evaluate(cadence));
        }
    }

    private async Task CheckAsync(CancellationToken ct)
    {
        var running = Do(region => region.State.Instances.Values
            .Where(one => one.State == InstanceState.Running).ToList());
        var answers = await Task.WhenAll(running.Select(async one =>
            (one.Id, Answers: one.IsHostUp && await _host.AnswersAsync(one.Id, AnswerPatience, ct))));
        Do(_ =>
        {
            foreach (var (id, answered) in answers)
            {
                _checks.Record(id, answered);
            }

            Alarms.Evaluate(AlarmBook.Usual);
        });
    }
}
