using System.Diagnostics;
using Salvor.Platform.Linux;

namespace Salvor.Tests.Platform;

public sealed class LinuxConsoleTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Lines_end_as_a_terminal_wants_them()
    {
        File.WriteAllText(_directory["console"], "");

        new LinuxConsole(_directory["console"]).TryWrite("one\ntwo\n");

        Assert.Equal("one\r\ntwo\r\n", File.ReadAllText(_directory["console"]));
    }

    [Fact]
    public async Task A_console_that_nobody_reads_or_that_is_not_there_holds_nobody_up()
    {
        var pipe = _directory["pipe"];
        using (var maker = Process.Start("mkfifo", pipe))
        {
            await maker.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, maker.ExitCode);
        }

        new LinuxConsole(pipe).TryWrite("lost");
        new LinuxConsole(_directory["nothing"]).TryWrite("lost");
    }
}
