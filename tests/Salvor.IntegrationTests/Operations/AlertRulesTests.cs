using System.Text.RegularExpressions;
using Salvor.IntegrationTests.Support;
using Salvor.Node;
using YamlDotNet.RepresentationModel;

namespace Salvor.IntegrationTests.Operations;

/// <summary>The alert rules that ship, judged by Prometheus's own promtool.</summary>
/// <remarks>
/// SALVOR_PROMTOOL names it; without it, it is where eng/fetch-prometheus puts it by default. Whether a rule is right
/// is said in the rules' own test language; here those tests are run, and held to be complete.
/// </remarks>
public sealed partial class AlertRulesTests : IDisposable
{
    private const string RulesFile = "salvor.rules.yml";
    private const string CasesFile = "salvor.rules.test.yml";
    private const string PagePath = "docs/operations/alerts.md";
    private static readonly string Alerts = Path.Combine(RepositoryRoot.FullName, "alerts");
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Rules_are_accepted()
    {
        var check = await PromtoolAsync(
            "check", "rules", "--lint=all", "--lint-fatal", Path.Combine(Alerts, RulesFile));

        Assert.Contains("SUCCESS", check.ShouldExitWith(0).Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rules_fire_when_they_should_and_only_then()
    {
        var run = await PromtoolAsync("test", "rules", Path.Combine(Alerts, CasesFile));

        Assert.Contains("SUCCESS", run.ShouldExitWith(0).Stdout, StringComparison.Ordinal);
    }

    /// <summary>Else the test above might be one that can't fail.</summary>
    [Theory]
    [InlineData("expr: salvor_seconds_at_risk > 60\n", "expr: salvor_seconds_at_risk > 61\n", "SalvorChangesAtRisk")]
    [InlineData("        for: 4h\n", "        for: 5h\n", "SalvorPausedLong")]
    public async Task A_changed_rule_is_found_out(string right, string wrong, string alert)
    {
        var ct = TestContext.Current.CancellationToken;
        var rules = await File.ReadAllTextAsync(Path.Combine(Alerts, RulesFile), ct);
        Assert.Equal(2, rules.Split(right).Length); // It is there, and once.
        await File.WriteAllTextAsync(_directory[RulesFile], rules.Replace(right, wrong, StringComparison.Ordinal), ct);
        File.Copy(Path.Combine(Alerts, CasesFile), _directory[CasesFile]);

        var run = (await PromtoolAsync("test", "rules", _directory[CasesFile])).ShouldExitWith(1);

        Assert.All(Failed().Matches(run.ToString()), match => Assert.Equal(alert, match.Groups[1].Value));
        Assert.Matches(Failed(), run.ToString());
    }

    [Fact]
    public void Every_alert_is_fired_by_a_case_and_held_back_by_another()
    {
        var cases = Load(CasesFile).Items("tests").SelectMany(test => test.Items("alert_rule_test")).ToList();
        var firing = cases.Where(one => one.Items("exp_alerts").Any()).Select(NameOf).Distinct();
        var silent = cases.Where(one => !one.Items("exp_alerts").Any()).Select(NameOf).Distinct();

        Assert.Equal(AlertNames(), firing.Order(StringComparer.Ordinal));
        Assert.Equal(AlertNames(), silent.Order(StringComparer.Ordinal));

        static string? NameOf(YamlNode one) => one.Text("alertname");
    }

    [Fact]
    public void Every_alert_has_a_section_that_it_points_at()
    {
        var headings = Heading().Matches(Page()).Select(match => match.Groups[1].Value).ToList();

        Assert.Equal(AlertNames(), headings.Order(StringComparer.Ordinal));
        Assert.All(Rules().Where(IsAlert), rule => Assert.Equal(
            $"{PagePath}#{rule.Text("alert")!.ToLowerInvariant()}", rule.Map("annotations").Text("runbook")));
    }

    [Fact]
    public void Rules_ask_only_for_metrics_that_the_page_explains()
    {
        var explained = Row().Matches(Page()).Select(match => match.Groups[1].Value).ToHashSet();
        var asked = Rules().SelectMany(rule => Metric().Matches(rule.Text("expr")!)).Select(match => match.Value);

        Assert.All(asked, metric => Assert.Contains(metric, explained));
    }

    private static Task<ToolResult> PromtoolAsync(params string[] arguments)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var promtool = Environment.GetEnvironmentVariable("SALVOR_PROMTOOL")
            ?? Path.Combine(home, ".cache", "salvor", "prometheus", "current", "promtool");
        if (!File.Exists(promtool))
        {
            Assert.Fail($"{promtool} is not there: run eng/fetch-prometheus, or set SALVOR_PROMTOOL.");
        }

        return ToolProcess.RunAsync(promtool, arguments);
    }

    private static IEnumerable<string?> AlertNames() =>
        Rules().Where(IsAlert).Select(rule => rule.Text("alert")).Distinct().Order(StringComparer.Ordinal);

    private static bool IsAlert(YamlNode rule) => rule.Text("alert") is not null;

    private static IEnumerable<YamlNode> Rules() =>
        Load(RulesFile).Items("groups").SelectMany(group => group.Items("rules"));

    private static string Page() => File.ReadAllText(Path.Combine(RepositoryRoot.FullName, PagePath));

    private static YamlMappingNode Load(string file) =>
        Node.YamlDocument.Parse(file, File.ReadAllText(Path.Combine(Alerts, file)));

    [GeneratedRegex("^### (Salvor[A-Za-z]+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("^[|] `([a-z_]+)` [|]", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\b(?:salvor|process)_[a-z_]+\b")]
    private static partial Regex Metric();

    /// <summary>promtool names the alert of each case that failed.</summary>
    [GeneratedRegex(@"alertname: ?(\w+), time:")]
    private static partial Regex Failed();
}
