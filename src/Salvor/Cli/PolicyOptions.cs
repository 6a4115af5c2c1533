using System.CommandLine;
using Salvor.Errors;
using Salvor.Readiness.Protect.Policies;

namespace Salvor.Cli;

/// <summary>The options that print a policy for AWS instead of protecting anything.</summary>
internal sealed class PolicyOptions
{
    private const string BucketScheme = "s3://";

    private readonly Option<IamRole?> _role = new("--print-policy")
    {
        Description = "Only print an IAM policy with the rights that this part needs on AWS, and no others.",
        HelpName = "agent|guard|protect|pruner",
    };

    private readonly Option<string?> _repository = new("--policy-repository")
    {
        Description = "The repository that the policy is for; a policy for protect has none.",
        HelpName = "s3://BUCKET/PREFIX",
    };

    private readonly Option<string?> _region = new("--policy-region")
    {
        Description = "The region that the policy is for.",
        HelpName = "REGION",
    };

    private readonly Option<string?> _account = new("--policy-account")
    {
        Description = "The account's twelve digits.",
        HelpName = "NUMBER",
    };

    private readonly Option<string> _cluster = new("--policy-cluster")
    {
        Description = $"The cluster, as in its instances' tag {IamPolicy.ClusterTag} and its alarms' names.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "kubernetes",
    };

    private readonly Option<string?> _partition = new("--policy-partition")
    {
        Description = "AWS's partition; by default the region's.",
        HelpName = "NAME",
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_role, _repository, _region, _account, _cluster, _partition])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Prints the policy that is asked for; false when none is.</summary>
    public bool TryPrint(ParseResult parse, Terminal terminal)
    {
        if (parse.GetValue(_role) is not { } role)
        {
            return false;
        }

        var place = role == IamRole.Protect ? [""] : PlaceOf(Required(parse, _repository));
        var region = Required(parse, _region);
        var scope = new IamScope(
            region, Required(parse, _account), place[0], place.Length > 1 ? place[1] : "",
            parse.GetRequiredValue(_cluster), parse.GetValue(_partition) ?? IamScope.PartitionOf(region));
        terminal.WriteJson(json => IamPolicy.Write(json, role, scope));
        return true;
    }

    /// <summary>The bucket, and the prefix where there is one.</summary>
    private static string[] PlaceOf(string repository) =>
        repository.StartsWith(BucketScheme, StringComparison.Ordinal)
            ? repository[BucketScheme.Length..].TrimEnd('/').Split('/', 2)
            : throw new SalvorException(ErrorCode.Usage, $"{repository} is no repository in a bucket.")
            {
                Hint = "Give it as s3://BUCKET/PREFIX.",
            };

    private static string Required(ParseResult parse, Option<string?> option) => parse.GetValue(option)
        ?? throw new SalvorException(ErrorCode.Usage, $"A policy needs {option.Name}.")
        {
            Hint = "salvor protect --help has an example.",
        };
}
