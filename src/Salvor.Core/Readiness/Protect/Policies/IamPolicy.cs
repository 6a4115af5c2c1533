using System.Collections.Immutable;
using System.Text.Json;

namespace Salvor.Readiness.Protect.Policies;

/// <summary>Least-privilege policies for AWS, one for each part of Salvor.</summary>
public static class IamPolicy
{
    /// <summary>
    /// The tag of the instances and volumes that may be touched; its value is the cluster.
    /// </summary>
    public const string ClusterTag = "salvor-cluster";

    private const string Anything = "*";

    /// <summary>Writes the policy's properties into an open object.</summary>
    /// <exception cref="Errors.SalvorException">Something of the scope is not as AWS writes it.</exception>
    public static void Write(Utf8JsonWriter json, IamRole role, IamScope scope)
    {
        scope.Require(withRepository: role != IamRole.Protect);
        json.WriteString("Version", "2012-10-17");
        json.WriteStartArray("Statement");
        ImmutableArray<IamStatement> statements = role switch
        {
            IamRole.Agent => OfAgent(scope),
            IamRole.Guard => OfGuard(scope),
            IamRole.Protect => OfProtect(scope),
            _ => OfPruner(scope),
        };
        foreach (var statement in statements)
        {
            statement.Write(json);
        }

        json.WriteEndArray();
    }

    private static ImmutableArray<IamStatement> OfAgent(IamScope scope) =>
    [
        new("Repository", ["s3:PutObject", "s3:GetObject", "s3:AbortMultipartUpload"], Objects(scope)),
        ListOf(scope, "s3:ListBucket"),
        // These two know no resources: who may ask, may ask for all.
        new("OwnMachine", ["ec2:DescribeInstances", "ec2:DescribeInstanceStatus"], Anything),
        new("OwnAlarms", ["cloudwatch:DescribeAlarms"], Anything),
        NoDeletion(Anything),
    ];

    private static ImmutableArray<IamStatement> OfGuard(IamScope scope) =>
    [
        new("Look",
            ["ec2:DescribeInstances", "ec2:DescribeInstanceStatus", "ec2:DescribeVolumes", "cloudwatch:DescribeAlarms"],
            Anything),
        // An attachment is asked about twice, for the instance and for the volume: both bear the tag.
        new("Power",
            ["ec2:RebootInstances", "ec2:StartInstances", "ec2:StopInstances", "ec2:AttachVolume", "ec2:CreateTags"],
            $"arn:{scope.Partition}:ec2:{scope.Region}:{scope.Account}:*",
            OfCluster(scope)),
        new("Alarms", ["cloudwatch:EnableAlarmActions", "cloudwatch:DisableAlarmActions"], Alarms(scope)),
        new("Read", ["s3:GetObject"], Objects(scope)),
        ListOf(scope, "s3:ListBucket"),
        // Of the repository it writes what guards share, and no backup. The probe tries conditions on names of its own.
        new("Share", ["s3:PutObject"], Objects(scope, "recovery/")),
        new("Probe", ["s3:PutObject"], Objects(scope, "salvor-probe-")),
        NoDeletion(Anything),
    ];

    private static ImmutableArray<IamStatement> OfProtect(IamScope scope) =>
    [
        new("Look",
            ["ec2:DescribeInstances", "ec2:DescribeInstanceStatus", "ec2:DescribeVolumes", "cloudwatch:DescribeAlarms"],
            Anything),
        new("Alarms", ["cloudwatch:PutMetricAlarm", "cloudwatch:DeleteAlarms"], Alarms(scope)),
        AlarmRole(scope),
        // Whoever puts an alarm must have the right to its action, or the alarm is there and the action never runs.
        // An attachment is asked about twice, for the instance and for the volume: both bear the tag.
        new("OwnMachine",
            ["ec2:RebootInstances", "ec2:ModifyInstanceAttribute", "ec2:AttachVolume"],
            $"arn:{scope.Partition}:ec2:{scope.Region}:{scope.Account}:*",
            OfCluster(scope)),
        new("NewVolume", ["ec2:CreateVolume"], NewVolumes(scope),
            new IamCondition($"aws:RequestTag/{ClusterTag}", scope.Cluster)),
        new("NewVolumeTags", ["ec2:CreateTags"], NewVolumes(scope),
            new IamCondition("ec2:CreateAction", "CreateVolume")),
    ];

    private static IamCondition OfCluster(IamScope scope) => new($"aws:ResourceTag/{ClusterTag}", scope.Cluster);

    private static string NewVolumes(IamScope scope) =>
        $"arn:{scope.Partition}:ec2:{scope.Region}:{scope.Account}:volume/*";

    private static string Alarms(IamScope scope) =>
        $"arn:{scope.Partition}:cloudwatch:{scope.Region}:{scope.Account}:alarm:salvor-{scope.Cluster}-*";

    /// <summary>An account's first alarm with an action on EC2 makes the role that runs it.</summary>
    private static IamStatement AlarmRole(IamScope scope) =>
        new("AlarmRole",
            ["iam:CreateServiceLinkedRole"],
            $"arn:{scope.Partition}:iam::{scope.Account}:role/aws-service-role/events.amazonaws.com/"
                + "AWSServiceRoleForCloudWatchEvents*",
            new IamCondition("iam:AWSServiceName", "events.amazonaws.com"));

    private static ImmutableArray<IamStatement> OfPruner(IamScope scope) =>
    [
        // It puts the plan of what it will delete a day later, and merges small segments of the log.
        new("Repository",
            ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"], Objects(scope)),
        ListOf(scope, "s3:ListBucket", "s3:ListBucketMultipartUploads"),
    ];

    /// <summary>
    /// Without a condition on the prefix: a get of an absent object has none, and would be answered by "denied"
    /// instead of "absent".
    /// </summary>
    private static IamStatement ListOf(IamScope scope, params ImmutableArray<string> actions) =>
        new("List", actions, $"arn:{scope.Partition}:s3:::{scope.Bucket}");

    /// <summary>A denial wins over every other policy that the identity may have or get.</summary>
    private static IamStatement NoDeletion(string resource) =>
        new("NoDeletion",
            ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:BypassGovernanceRetention",
                "s3:PutLifecycleConfiguration"],
            resource)
        { IsDenial = true };

    private static string Objects(IamScope scope, string below = "") =>
        $"arn:{scope.Partition}:s3:::{scope.Bucket}/{(scope.Prefix.Length == 0 ? "" : scope.Prefix + "/")}{below}*";
}
