using System.Text.RegularExpressions;

namespace Salvor.Tests.Tidy;

/// <summary>Every code that a checker can report is explained and tested, and nothing is explained that none reports.</summary>
public sealed partial class FindingsPageTests
{
    /// <summary>Reported only when a database shrinks between two reads of one salvage.</summary>
    private const string Unprovoked = "bbolt.unreadable";

    [Fact]
    public void Page_of_findings_and_the_code_are_in_step()
    {
        var explained = Explained();
        var reported = SourceTree.Code
            .Where(f => f.Path.StartsWith("src/", StringComparison.Ordinal))
            .SelectMany(f => f.Lines)
            .SelectMany(l => Literal().Matches(l))
            .Select(m => m.Groups[1].Value)
            .Where(code => code is not ("snap.db" or "snapshot.db")) // Names of files, in examples.
            .Where(code => code != "repository.location") // A key of the configuration.
            .Concat(["alarm.entry", "lease.entry", "members.entry", "meta.entry"]) // Made from the bucket's name.
            .Distinct();
        Assert.Equal(reported.Order(StringComparer.Ordinal), explained.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_finding_is_provoked_by_a_test()
    {
        var tests = SourceTree.Code
            .Where(f => f.Path.StartsWith("tests/", StringComparison.Ordinal) && f.Name != nameof(FindingsPageTests))
            .ToList();
        var untested = Explained()
            .Where(code => !tests.Exists(f => f.Text.Contains($"\"{code}\"", StringComparison.Ordinal)));
        Assert.Equal([Unprovoked], untested);
    }

    private static List<string> Explained()
    {
        var page = Path.Combine(RepositoryRoot.FullName, "docs", "operations", "findings.md");
        return [.. Row().Matches(File.ReadAllText(page)).Select(m => m.Groups[1].Value)];
    }

    [GeneratedRegex(@"""((?:alarm|bbolt|bucket|directory|keyspace|lease|members|meta|repository|snap|snapshot|wal)(?:\.[a-z][a-z-]*)+)""")]
    private static partial Regex Literal();

    [GeneratedRegex(@"^\| `([a-z.-]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
