using Salvor.Metrics;

namespace Salvor.Tests.Metrics;

public sealed class MetricsPageTests
{
    [Fact]
    public void A_family_has_its_help_its_type_and_its_samples()
    {
        var page = new MetricsPage();
        var family = page.Gauge("salvor_a", "What it is.");
        family.Add(1.5);
        family.Add(2, ("cluster", "prod"), ("sign", "x"));
        page.Counter("salvor_b_total", "None yet.");

        Assert.Equal(
            "# HELP salvor_a What it is.\n# TYPE salvor_a gauge\nsalvor_a 1.5\n"
                + "salvor_a{cluster=\"prod\",sign=\"x\"} 2\n"
                + "# HELP salvor_b_total None yet.\n# TYPE salvor_b_total counter\n",
            page.ToString());
    }

    [Fact]
    public void A_label_can_hold_anything()
    {
        var page = new MetricsPage();
        page.Gauge("a", "b").Add(0, ("c", "quote \" backslash \\ line\nend"));

        Assert.EndsWith("a{c=\"quote \\\" backslash \\\\ line\\nend\"} 0\n", page.ToString());
    }
}
