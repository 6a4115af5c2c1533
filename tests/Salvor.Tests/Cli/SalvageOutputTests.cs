using Salvor.Tests.Support;

namespace Salvor.Tests.Cli;

public sealed class SalvageOutputTests : IDisposable
{
    private readonly TempDirectory _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task History_begins_with_the_compaction_revision_which_can_still_be_read()
    {
        Directory.CreateDirectory(_temporary["source", "member", "snap"]);
        var database = SampleDatabase.Good();
        database.SetCompacted(scheduled: 7, finished: 7);
        File.WriteAllBytes(_temporary["source", "member", "snap", "db"], database.ToImage());
        var run = await CommandLine.RunAsync("salvage", _temporary["source"], "--to", _temporary["target"], "--name",
            "n1", "--peer-urls", "http://localhost:2380");
        Assert.Contains("(history from 7 on)", run.Out, StringComparison.Ordinal);
    }
}
