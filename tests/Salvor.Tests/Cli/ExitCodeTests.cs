using Salvor.Cli;
using Salvor.Errors;
using Salvor.Formats;

namespace Salvor.Tests.Cli;

public sealed class ExitCodeTests
{
    [Theory]
    [InlineData(ErrorCode.Failed, 1)]
    [InlineData(ErrorCode.Usage, 2)]
    [InlineData(ErrorCode.Partial, 3)]
    [InlineData(ErrorCode.TargetNotEmpty, 4)]
    [InlineData(ErrorCode.NotFound, 5)]
    [InlineData(ErrorCode.AccessDenied, 6)]
    [InlineData(ErrorCode.NoSpace, 7)]
    [InlineData(ErrorCode.WrongKind, 8)]
    [InlineData(ErrorCode.IoFailed, 9)]
    [InlineData(ErrorCode.InUse, 11)]
    [InlineData(ErrorCode.EtcdUnreachable, 13)]
    [InlineData(ErrorCode.EtcdTls, 13)]
    [InlineData(ErrorCode.EtcdAuth, 14)]
    [InlineData(ErrorCode.EtcdRefused, 15)]
    [InlineData(ErrorCode.NoRepository, 10)]
    [InlineData(ErrorCode.WrongKey, 12)]
    [InlineData(ErrorCode.NewerFormat, 19)]
    [InlineData(ErrorCode.CloudUnreachable, 26)]
    [InlineData(ErrorCode.CloudTls, 26)]
    [InlineData(ErrorCode.CloudBusy, 26)]
    [InlineData(ErrorCode.CloudCredentials, 27)]
    [InlineData(ErrorCode.CloudDenied, 27)]
    [InlineData(ErrorCode.CloudCapacity, 28)]
    [InlineData(ErrorCode.CloudRefused, 29)]
    [InlineData(ErrorCode.CloudNotFound, 5)]
    [InlineData(ErrorCode.Corrupt, 30)]
    [InlineData(ErrorCode.Cancelled, 130)]
    public void Each_error_code_keeps_its_exit_code(ErrorCode code, int exitCode) =>
        Assert.Equal(exitCode, ExitCodes.Of(code));

    [Fact]
    public void No_error_code_is_forgotten() =>
        Assert.All(Enum.GetValues<ErrorCode>(), code =>
            Assert.True(code == ErrorCode.Failed || ExitCodes.Of(code) != ExitCodes.Failed, code.ToString()));

    [Fact]
    public void Exceptions_of_readers_and_of_cancelling_have_their_own_codes()
    {
        Assert.Equal(30, ExitCodes.Of(new CorruptDataException("db", 4096, "bad page type")));
        Assert.Equal(130, ExitCodes.Of(new OperationCanceledException()));
        Assert.Equal(1, ExitCodes.Of(new InvalidOperationException("bug")));
    }

    [Theory]
    [InlineData("There is no command, argument or option 'bogus' here.", "bogus")]
    [InlineData("There is no command, argument or option '--bogus' here.", "version", "--bogus")]
    [InlineData("Required command was not provided.")]
    [InlineData("Required argument missing for command: 'completion'.", "completion")]
    public async Task A_wrong_command_line_exits_with_2_and_points_to_help(string sentence, params string[] args)
    {
        var run = await CommandLine.RunAsync(args);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
        Assert.Contains("--help", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Out);
    }

    [Fact]
    public async Task A_path_that_begins_with_an_at_sign_is_no_response_file()
    {
        var run = await CommandLine.RunAsync("completion", "@/etc/hostname");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("@/etc/hostname", run.Error, StringComparison.Ordinal);
    }
}
