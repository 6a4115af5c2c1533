using Salvor.Lab.Cloud.Alarms;
using Salvor.Lab.Cloud.Model;

namespace Salvor.Lab.Cloud;

/// <summary>The results of one round of status checks, turned into states and metrics.</summary>
public sealed class StatusChecks(Region region, MetricStore metrics)
{
    /// <summary>So long after a start, a machine that does not answer yet is initializing, not impaired.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(3);

    /// <summary>Writes down whether an instance answered. One that does not run emits nothing.</summary>
    public void Record(string id, bool answers)
    {
        if (region.State.Instances.GetValueOrDefault(id) is not { State: InstanceState.Running } instance)
        {
            return;
        }

        var isYoung = region.Time.Now < instance.LaunchTime + region.Time.Real(Grace);
        var system = instance.IsHostUp ? 0 : 1;
        if (!answers && isYoung && instance.Answers is null && instance.IsHostUp)
        {
            Put(id, "StatusCheckFailed_System", system);
            return;
        }

        var isWell = answers && instance.IsHostUp;
        region.Update(instance with
        {
            Answers = isWell,
            ImpairedSince = isWell ? null : instance.ImpairedSince ?? region.Time.Now,
        });
        Put(id, "StatusCheckFailed", isWell ? 0 : 1);
        Put(id, "StatusCheckFailed_Instance", isWell ? 0 : 1);
        Put(id, "StatusCheckFailed_System", system);
    }

    private void Put(string id, string name, double value) => metrics.Put(
        MetricStore.Key("AWS/EC2", name, new Dictionary<string, string> { ["InstanceId"] = id }),
        new Datapoint(region.Time.Now, value));
}
