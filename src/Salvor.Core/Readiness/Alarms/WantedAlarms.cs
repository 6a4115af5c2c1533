using System.Buffers;
using Salvor.Cloud;
using Salvor.Errors;

namespace Salvor.Readiness.Alarms;

/// <summary>The alarms that let AWS repair a machine by itself, while nobody looks.</summary>
/// <remarks>
/// A failing system of the machine is answered by a reboot, a failing host by a move to another one. Where both are
/// wanted, the reboot waits a minute longer: a failing host fails the machine's own check too, and a reboot on it helps
/// nothing and may come between. A minute without a figure counts as nothing: a stopped machine has none.
/// </remarks>
public static class WantedAlarms
{
    private const int ClusterLengthMax = 64;
    private const int PeriodSeconds = 60;

    private static readonly SearchValues<char> NameAlphabet =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");

    /// <summary>Every name that an alarm of the cluster may have: what to look for, and all that is ours.</summary>
    /// <exception cref="SalvorException">The cluster's name can't be a part of them.</exception>
    public static IReadOnlyList<string> NamesFor(string cluster) => [RebootName(cluster), RecoverName(cluster)];

    /// <exception cref="SalvorException">The cluster's name can't be a part of theirs.</exception>
    public static IReadOnlyList<AlarmDefinition> For(AlarmRequest request)
    {
        var reboot = Define(
            request, RebootName(request.Cluster), "StatusCheckFailed_Instance", request.WithRecover ? 3 : 2, "reboot",
            "Reboots the machine when its own status check fails.");
        if (!request.WithRecover)
        {
            return [reboot];
        }

        var recover = Define(
            request, RecoverName(request.Cluster), "StatusCheckFailed_System", 2, "recover",
            "Moves the machine to another host when its host's status check fails.");
        return [reboot, recover];
    }

    private static AlarmDefinition Define(
        AlarmRequest request, string name, string metric, int periods, string action, string description) => new()
        {
            Name = name,
            Description = description,
            Namespace = "AWS/EC2",
            Metric = metric,
            Dimensions = new Dictionary<string, string> { ["InstanceId"] = request.Machine.Value },
            Statistic = "Maximum",
            PeriodSeconds = PeriodSeconds,
            EvaluationPeriods = periods,
            DatapointsToAlarm = periods,
            Comparison = "GreaterThanOrEqualToThreshold",
            Threshold = 1,
            MissingData = "missing",
            ActionsEnabled = true,
            AlarmActions = [$"arn:{request.Partition}:automate:{request.Region}:ec2:{action}"],
        };

    private static string RebootName(string cluster) => $"salvor-{Checked(cluster)}-reboot";

    private static string RecoverName(string cluster) => $"salvor-{Checked(cluster)}-recover";

    private static string Checked(string cluster) =>
        cluster.Length is >= 1 and <= ClusterLengthMax && !cluster.AsSpan().ContainsAnyExcept(NameAlphabet)
            ? cluster
            : throw new SalvorException(ErrorCode.Usage, $"'{cluster}' can't be a part of an alarm's name.")
            {
                Hint = $"Give the cluster a name of 1 to {ClusterLengthMax} letters, digits, '.', '-' and '_'.",
            };
}
