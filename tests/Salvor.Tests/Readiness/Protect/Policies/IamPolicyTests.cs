using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Salvor.Errors;
using Salvor.Readiness.Protect;
using Salvor.Readiness.Protect.InCloud;
using Salvor.Readiness.Protect.Policies;
using Salvor.Tests.Cli;

namespace Salvor.Tests.Readiness.Protect.Policies;

public sealed partial class IamPolicyTests
{
    private const int InlinePolicyCharactersMax = 2048;

    private static readonly IamScope Scope =
        new("eu-central-1", "123456789012", "backups", "prod", "prod-1", "aws");

    [Theory]
    [InlineData(IamRole.Agent)]
    [InlineData(IamRole.Guard)]
    [InlineData(IamRole.Protect)]
    [InlineData(IamRole.Pruner)]
    public void Policies_read_as_agreed_and_fit_into_a_role(IamRole role)
    {
        var policy = PolicyOf(role, Scope);

        Assert.True(policy.ToJsonString().Length < InlinePolicyCharactersMax);
        Golden.Matches(
            $"Readiness/Protect/Policies/Golden/{role.ToString().ToLowerInvariant()}.json",
            policy.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
    }

    [Fact]
    public void Only_the_pruner_may_delete_and_the_others_are_denied_it()
    {
        Assert.Contains("s3:DeleteObject", Actions(IamRole.Pruner, "Allow"));
        foreach (var role in new[] { IamRole.Agent, IamRole.Guard })
        {
            Assert.DoesNotContain(Actions(role, "Allow"), a => a.StartsWith("s3:Delete", StringComparison.Ordinal));
            Assert.Contains("s3:DeleteObject", Actions(role, "Deny"));
        }
    }

    [Fact]
    public void Only_the_guard_has_power_and_over_tagged_instances_alone()
    {
        var power = Statements(IamRole.Guard).Single(s => s["Sid"]!.GetValue<string>() == "Power");

        Assert.Equal("prod-1",
            power["Condition"]!["StringEquals"]!["aws:ResourceTag/salvor-cluster"]!.GetValue<string>());
        Assert.DoesNotContain(Actions(IamRole.Agent, "Allow").Concat(Actions(IamRole.Pruner, "Allow")),
            a => a.EndsWith("Instances", StringComparison.Ordinal) && a != "ec2:DescribeInstances");
        Assert.DoesNotContain("ec2:TerminateInstances", Actions(IamRole.Guard, "Allow"));
    }

    [Theory]
    [InlineData("cn-north-1", "arn:aws-cn:")]
    [InlineData("us-gov-west-1", "arn:aws-us-gov:")]
    [InlineData("eu-central-1", "arn:aws:")]
    public void Every_name_is_of_the_regions_partition(string region, string begin)
    {
        var scope = Scope with { Region = region, Partition = IamScope.PartitionOf(region) };

        foreach (var role in Enum.GetValues<IamRole>())
        {
            var names = PolicyOf(role, scope)["Statement"]!.AsArray().Select(s => s!["Resource"]!.GetValue<string>());
            Assert.All(names.Where(n => n != "*"), n => Assert.StartsWith(begin, n, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_repository_may_be_the_whole_bucket()
    {
        var whole = PolicyOf(IamRole.Agent, Scope with { Prefix = "" });

        Assert.Equal("arn:aws:s3:::backups/*", whole["Statement"]![0]!["Resource"]!.GetValue<string>());
    }

    [Fact]
    public void What_would_allow_more_than_it_says_is_refused()
    {
        foreach (var scope in new[]
        {
            Scope with { Cluster = "*" }, Scope with { Prefix = "prod*" }, Scope with { Prefix = "/prod" },
            Scope with { Bucket = "a/b" }, Scope with { Account = "12" }, Scope with { Region = "*" },
            Scope with { Partition = "aws:" }, Scope with { Cluster = "${aws:username}" },
        })
        {
            Assert.Equal(ErrorCode.Usage,
                Assert.Throws<SalvorException>(() => PolicyOf(IamRole.Guard, scope)).Code);
        }
    }

    [Fact]
    public void The_page_tells_for_each_protection_what_it_needs_and_together_that_is_the_policy()
    {
        var rows = File.ReadAllLines(Path.Combine(RepositoryRoot.FullName, "docs", "operations", "protect.md"))
            .SkipWhile(line => line != "## The rights that --cloud aws needs").Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|'))
            .ToDictionary(cells => cells[1].Trim(' ', '`'), cells => ActionText().Matches(cells[2]));
        Func<CancellationToken, Task<CloudTarget>> nobody = _ => throw new NotSupportedException();
        IProtection[] inCloud =
        [
            new AlarmProtection(AlarmKind.Reboot, "prod", withRecover: false, nobody),
            new AlarmProtection(AlarmKind.Recover, "prod", withRecover: true, nobody),
            new VolumeProtection(nobody), new HostRecovery("prod", withRecover: false, nobody),
        ];

        Assert.Equal([.. inCloud.Select(item => item.Name), "etcd-volume"], rows.Keys);
        Assert.Equal(
            Actions(IamRole.Protect, "Allow").Order(StringComparer.Ordinal),
            rows.Values.SelectMany(found => found).Select(found => found.Value).Distinct()
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Protect_touches_what_bears_the_clusters_tag_or_name_alone()
    {
        foreach (var statement in Statements(IamRole.Protect))
        {
            var text = statement.ToJsonString();
            Assert.True(
                text.Contains("prod-1", StringComparison.Ordinal)
                || statement["Sid"]!.GetValue<string>() is "Look" or "AlarmRole" or "NewVolumeTags", text);
        }
    }

    [GeneratedRegex("[a-z0-9]+:[A-Za-z]+")]
    private static partial Regex ActionText();

    private static IEnumerable<JsonNode> Statements(IamRole role) =>
        PolicyOf(role, Scope)["Statement"]!.AsArray().Select(s => s!);

    private static List<string> Actions(IamRole role, string effect) =>
    [
        .. Statements(role).Where(s => s["Effect"]!.GetValue<string>() == effect)
            .SelectMany(s => s["Action"]!.AsArray()).Select(a => a!.GetValue<string>()),
    ];

    private static JsonNode PolicyOf(IamRole role, IamScope scope)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            IamPolicy.Write(json, role, scope);
            json.WriteEndObject();
        }

        return JsonNode.Parse(Encoding.UTF8.GetString(buffer.ToArray()))!;
    }
}
