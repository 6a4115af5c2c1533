using System.Text.RegularExpressions;
using Salvor.Errors;

namespace Salvor.Readiness.Protect.Policies;

/// <summary>What a policy is for: nothing outside of it is allowed.</summary>
/// <param name="Region">As in "eu-central-1".</param>
/// <param name="Account">Its twelve digits.</param>
/// <param name="Bucket">The repository's.</param>
/// <param name="Prefix">What the repository's objects begin with, without slashes around it; may be empty.</param>
/// <param name="Cluster">The tag of the cluster's instances, and a part of its alarms' names.</param>
/// <param name="Partition">"aws", "aws-cn", "aws-us-gov".</param>
public sealed partial record IamScope(
    string Region, string Account, string Bucket, string Prefix, string Cluster, string Partition)
{
    /// <summary>The partition that a region is in.</summary>
    public static string PartitionOf(string region) => region switch
    {
        _ when region.StartsWith("cn-", StringComparison.Ordinal) => "aws-cn",
        _ when region.StartsWith("us-gov-", StringComparison.Ordinal) => "aws-us-gov",
        _ when region.StartsWith("us-isob-", StringComparison.Ordinal) => "aws-iso-b",
        _ when region.StartsWith("us-iso-", StringComparison.Ordinal) => "aws-iso",
        _ => "aws",
    };

    /// <summary>A letter too much in a policy allows too much: a star in the cluster's name, for one.</summary>
    /// <param name="withRepository">Whether the policy is about a repository.</param>
    /// <exception cref="SalvorException">Something is not as AWS writes it.</exception>
    public void Require(bool withRepository)
    {
        RequireMatch(RegionText(), Region, "region", "as in eu-central-1");
        RequireMatch(AccountText(), Account, "account", "the twelve digits of its number");
        if (withRepository)
        {
            RequireMatch(BucketText(), Bucket, "bucket", "its name alone");
            RequireMatch(PrefixText(), Prefix, "prefix", "letters, digits, and . _ - /");
        }

        RequireMatch(NameText(), Cluster, "cluster", "letters, digits, and . _ -");
        RequireMatch(PartitionText(), Partition, "partition", "as in aws, aws-cn, aws-us-gov");
    }

    private static void RequireMatch(Regex pattern, string value, string what, string how)
    {
        if (!pattern.IsMatch(value))
        {
            throw new SalvorException(ErrorCode.Usage, $"'{value}' is no {what} of a policy.")
            {
                Hint = $"Give {how}.",
            };
        }
    }

    [GeneratedRegex(@"\A[a-z]{2,}(-[a-z]+)+-[0-9]{1,2}\z")]
    private static partial Regex RegionText();

    [GeneratedRegex(@"\A[0-9]{12}\z")]
    private static partial Regex AccountText();

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\z")]
    private static partial Regex BucketText();

    [GeneratedRegex(@"\A([A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*)?\z")]
    private static partial Regex PrefixText();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]*\z")]
    private static partial Regex NameText();

    [GeneratedRegex(@"\Aaws(-[a-z]+)*\z")]
    private static partial Regex PartitionText();
}
