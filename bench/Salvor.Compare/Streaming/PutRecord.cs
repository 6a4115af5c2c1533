using System.Diagnostics;

namespace Salvor.Compare.Streaming;

/// <summary>One put to etcd, in ticks of the monotonic clock.</summary>
/// <param name="Due">When the schedule wanted it sent.</param>
/// <param name="Sent">When it was sent.</param>
/// <param name="Acknowledged">When etcd's answer was here.</param>
/// <param name="Revision">What the answer says.</param>
public readonly record struct PutRecord(long Due, long Sent, long Acknowledged, long Revision)
{
    public TimeSpan Latency => Stopwatch.GetElapsedTime(Sent, Acknowledged);

    public TimeSpan Late => Stopwatch.GetElapsedTime(Due, Sent);
}
