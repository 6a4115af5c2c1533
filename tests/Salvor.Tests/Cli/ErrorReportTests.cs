using System.Text.Json;
using Salvor.Cli;
using Salvor.Errors;

namespace Salvor.Tests.Cli;

public sealed class ErrorReportTests : IDisposable
{
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();

    [Fact]
    public void A_failure_is_a_sentence_and_a_hint_on_stderr()
    {
        var code = Report(isJson: false).Write(NoSpace());

        Assert.Equal(7, code);
        Assert.Equal("error: Cannot write x: full.\nhint: Free some space.\n", _error.ToString());
        Assert.Empty(_out.ToString());
    }

    [Fact]
    public void With_json_a_failure_is_one_object_on_stdout()
    {
        Report(isJson: true).Write(NoSpace());

        var error = JsonDocument.Parse(_out.ToString()).RootElement.GetProperty("error");
        Assert.Equal("noSpace", error.GetProperty("code").GetString());
        Assert.Equal("Cannot write x: full.", error.GetProperty("message").GetString());
        Assert.Equal("Free some space.", error.GetProperty("hint").GetString());
        Assert.Equal(7, error.GetProperty("exitCode").GetInt32());
        Assert.Empty(_error.ToString());
    }

    [Fact]
    public void Where_objects_come_one_a_line_a_failure_is_a_line_too()
    {
        var report = Report(isJson: true, writesJsonLines: true);
        report.Write(NoSpace());
        report.WriteUsage(["There is no option '--x' here."], "salvor stream");

        var lines = _out.ToString().Split('\n');
        Assert.Equal(["noSpace", "usage", null], lines.Select(CodeOf));
        Assert.Equal("", lines[^1]);

        static string? CodeOf(string line) => line.Length == 0
            ? null
            : JsonDocument.Parse(line).RootElement.GetProperty("error").GetProperty("code").GetString();
    }

    [Fact]
    public void An_unexpected_exception_is_called_a_bug_and_shows_no_stack_trace()
    {
        var code = Report(isJson: false).Write(new InvalidOperationException("queue empty"));

        Assert.Equal(1, code);
        Assert.Contains("This is a bug in salvor: System.InvalidOperationException: queue empty", _error.ToString(),
            StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", _error.ToString(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _out.Dispose();
        _error.Dispose();
    }

    private static SalvorException NoSpace() =>
        new(ErrorCode.NoSpace, "Cannot write x: full.") { Hint = "Free some space." };

    private ErrorReport Report(bool isJson, bool writesJsonLines = false)
    {
        var terminal = new Terminal(_out, _error, isErrorInteractive: false, widthColumns: 100);
        return new ErrorReport(terminal, isJson, showsStackTrace: false) { WritesJsonLines = writesJsonLines };
    }
}
