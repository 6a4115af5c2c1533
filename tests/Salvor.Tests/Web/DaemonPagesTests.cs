using Salvor.Web;

namespace Salvor.Tests.Web;

public sealed class DaemonPagesTests
{
    [Theory]
    [InlineData("GET", "/metrics", 200, "m")]
    [InlineData("HEAD", "/metrics", 200, "m")]
    [InlineData("POST", "/metrics", 405, "Only GET.\n")]
    [InlineData("GET", "/", 404, "There are /metrics and /healthz.\n")]
    [InlineData("GET", "/metrics/..", 404, "There are /metrics and /healthz.\n")]
    public void Two_pages_can_be_read_and_nothing_else(string method, string path, int status, string text)
    {
        var page = new DaemonPages(() => "m", () => null).Answer(method, path);

        Assert.Equal((status, text), (page.Status, page.Text));
    }

    [Fact]
    public void Health_tells_why_not()
    {
        Assert.Equal(200, new DaemonPages(() => "", () => null).Answer("GET", "/healthz").Status);

        var page = new DaemonPages(() => "", () => "the last look ended 70 s ago").Answer("GET", "/healthz");

        Assert.Equal((503, "the last look ended 70 s ago\n"), (page.Status, page.Text));
    }
}
