using System.Security.Cryptography.X509Certificates;
using Salvor.Metrics;
using Salvor.Platform;
using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Ladder;
using Salvor.Recovery.Outside;

namespace Salvor.Daemon;

/// <summary>One of the clusters that a guard's process watches.</summary>
internal sealed class WatchedCluster : IDisposable
{
    private readonly RepositoryAccess _repository;
    private readonly CloudAccess _cloud;
    private readonly EndpointProbe _endpoint;
    private readonly Guard _guard;
    private readonly DaemonLog _log;
    private readonly TimeProvider _time;
    private readonly TimeSpan _lookLimit;
    private Observations _seen = Observations.None;
    private long _lookedAt;

    public WatchedCluster(
        GuardTarget target, X509Certificate2Collection authorities, RecoveryMode mode, RepositoryAccess repository,
        CloudAccess cloud, IEntropy entropy, TimeProvider time, DaemonLog log)
    {
        Name = target.Cluster;
        _repository = repository;
        _cloud = cloud;
        _log = log;
        _time = time;
        _lookedAt = time.GetTimestamp();
        _lookLimit = target.Times.LookEvery + (target.Times.LookLimit * 3);
        _endpoint = new EndpointProbe(target.Endpoint, authorities, target.Times.ProbeLimit, time);
        Metrics = new ClusterMetrics(target.Cluster, mode, GuardCauses.All, time);
        Metrics.Leads(false);
        var parts = new GuardParts(cloud.OpenAsync, repository.OpenAsync, entropy, time);
        var lookout = new GuardLookout(
            target, _endpoint.LookAsync, cloud.OpenAsync, repository.OpenAsync, entropy, time);
        _guard = new Guard(target, lookout, parts, mode, new GuardNews
        {
            Said = Said,
            Journaled = Journaled,
            Looked = Looked,
            Decided = Metrics.Decided,
            Leads = Metrics.Leads,
        });
    }

    public string Name { get; }

    public ClusterMetrics Metrics { get; }

    /// <summary>What it does, in a few words.</summary>
    public string Status { get; private set; } = "looks for the first time";

    /// <summary>Whether looks go on: each ends in bounded time, whatever hangs.</summary>
    public bool IsAlive => _time.GetElapsedTime(Interlocked.Read(ref _lookedAt)) < _lookLimit;

    public Task RunAsync(CancellationToken stop) => _guard.RunAsync(stop);

    public void Dispose()
    {
        _endpoint.Dispose();
        _cloud.Dispose();
        _repository.Dispose();
    }

    private void Said(string text)
    {
        Status = text;
        _log.Say("guard", text);
    }

    private void Journaled(JournalEntry entry)
    {
        _log.Say(entry);
        Metrics.Journaled(entry);
    }

    /// <summary>Says what has changed since the look before: so a log tells what there was to see, and when.</summary>
    private void Looked(Observations seen)
    {
        Interlocked.Exchange(ref _lookedAt, _time.GetTimestamp());
        Metrics.Looked(seen);
        var news = Enum.GetValues<Sign>()
            .Where(sign => seen[sign].Truth != _seen[sign].Truth)
            .Select(sign => seen[sign].Detail.Length == 0 || seen[sign].Truth == Truth.Yes
                ? $"{sign}: {seen[sign].Truth}"
                : $"{sign}: {seen[sign].Truth} ({seen[sign].Detail})");
        var text = string.Join("; ", news);
        _seen = seen;
        if (text.Length > 0)
        {
            _log.Say("look", text);
        }
    }
}
