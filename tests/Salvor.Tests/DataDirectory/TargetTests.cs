using Salvor.DataDirectory;
using Salvor.Errors;
using Salvor.Platform.Linux;

namespace Salvor.Tests.DataDirectory;

/// <summary>What a restore may take for its target, and what it must leave alone.</summary>
public sealed class TargetTests : IDisposable
{
    private readonly LinuxFileSystem _files = new();
    private readonly TempDirectory _temporary = new();

    private string Root => _temporary["data"];

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Second_restore_into_the_same_target_is_told_to_wait()
    {
        using var first = Begin(new MemberLayout(Root));
        var error = Assert.Throws<SalvorException>(() => Begin(new MemberLayout(Root)));
        Assert.Equal(ErrorCode.InUse, error.Code);
        Assert.True(Directory.Exists(first.Layout.Snap)); // The second one has not cleared the first one's area.
    }

    [Fact]
    public void Data_that_came_into_a_directory_while_we_wrote_is_not_swept_away_with_it()
    {
        var staged = Begin(new MemberLayout(Root));
        Directory.CreateDirectory(Path.Combine(Root, "member", "snap"));
        File.WriteAllText(Path.Combine(Root, "member", "snap", "db"), "an etcd was here");
        Assert.Equal(ErrorCode.TargetNotEmpty, Assert.Throws<SalvorException>(() => staged.Commit()).Code);
        staged.Dispose();
        Assert.Equal("an etcd was here", File.ReadAllText(Path.Combine(Root, "member", "snap", "db")));
    }

    [Fact]
    public void Link_in_place_of_the_staging_area_is_refused_and_nothing_behind_it_is_touched()
    {
        Directory.CreateDirectory(Root);
        File.WriteAllText(_temporary["precious"], "stays");
        Directory.CreateDirectory(_temporary["elsewhere"]);
        File.WriteAllText(_temporary["elsewhere", "precious"], "stays");
        Directory.CreateSymbolicLink(Path.Combine(Root, ".salvor-new"), _temporary["elsewhere"]);
        Assert.Equal(ErrorCode.TargetNotEmpty, Refuse(new MemberLayout(Root)).Code);
        Assert.True(File.Exists(_temporary["elsewhere", "precious"]));

        Directory.Delete(Path.Combine(Root, ".salvor-new"));
        Directory.CreateDirectory(Path.Combine(Root, ".salvor-new"));
        Directory.CreateSymbolicLink(Path.Combine(Root, ".salvor-new", "link"), _temporary["elsewhere"]);
        Begin(new MemberLayout(Root)).Dispose();
        Assert.True(File.Exists(_temporary["elsewhere", "precious"]));
    }

    [Fact]
    public void Staging_area_that_somebody_cleared_is_not_put_in_place()
    {
        var staged = Begin(new MemberLayout(Root));
        var error = Assert.Throws<SalvorException>(() => staged.Commit());
        Assert.Equal(ErrorCode.Failed, error.Code);
        Assert.False(Directory.Exists(Path.Combine(Root, "member")));
    }

    [Fact]
    public void Lock_is_the_last_file_of_the_staging_area_to_go()
    {
        var files = new FaultyFileSystem(_files);
        var staged = StagedMember.Begin(files, new MemberLayout(Root), mayQuarantine: false, TimeProvider.System);
        File.WriteAllText(staged.Layout.Database, "db");
        staged.Dispose();
        var deleted = files.Steps.Where(s => s.Verb is "unlink" or "rmdir").Select(s => Path.GetFileName(s.Path));
        Assert.Equal(["lock", ".salvor-new", "data"], deleted.TakeLast(3));
    }

    [Fact]
    public void File_system_that_cant_exchange_names_is_told_of_before_the_work()
    {
        Directory.CreateDirectory(Path.Combine(Root, "member", "snap"));
        var poor = new LinuxFileSystem { HasRenameFlags = false };
        var error = Assert.Throws<SalvorException>(() =>
            StagedMember.Begin(poor, new MemberLayout(Root), mayQuarantine: true, TimeProvider.System));
        Assert.Equal(ErrorCode.IoFailed, error.Code);
        Assert.Contains($"Move {Path.Combine(Root, "member")} away", error.Hint, StringComparison.Ordinal);
        Assert.Equal(["member"], Directory.GetFileSystemEntries(Root).Select(Path.GetFileName));
    }

    [Fact]
    public void Log_directory_that_is_the_members_own_counts_as_none()
    {
        Directory.CreateDirectory(Path.Combine(Root, "member", "wal"));
        Directory.CreateSymbolicLink(_temporary["link"], Path.Combine(Root, "member", "wal"));
        foreach (var wal in new[] { Path.Combine(Root, "member", "wal"), Root + "/./member/wal/", _temporary["link"] })
        {
            using var staged = Begin(new MemberLayout(Root, wal), mayQuarantine: true);
            Assert.Null(staged.Layout.WalDirectory);
        }
    }

    [Theory]
    [InlineData("data")]
    [InlineData("")]
    [InlineData("data/member")]
    [InlineData("data/member/snap")]
    public void Log_directory_that_overlaps_the_data_is_refused(string wal)
    {
        Directory.CreateDirectory(Path.Combine(Root, "member", "snap"));
        Assert.Equal(ErrorCode.Usage, Refuse(new MemberLayout(Root, _temporary[wal]), mayQuarantine: true).Code);
    }

    [Theory]
    [InlineData("data/", "data/member/w")]
    [InlineData("data//", "data/member/w")]
    [InlineData("data", "link/w")]
    [InlineData("data", "link/w/deeper")]
    [InlineData("data", "snaplink/w")]
    [InlineData("data", "datalink/member/w")]
    [InlineData("new/", "new/member/w")]
    [InlineData("data/new", "datalink/new/member/w")]
    public void Log_directory_inside_the_member_is_refused_however_it_is_spelt(string data, string wal)
    {
        Directory.CreateDirectory(Path.Combine(Root, "member", "snap"));
        Directory.CreateSymbolicLink(_temporary["link"], Path.Combine(Root, "member"));
        Directory.CreateSymbolicLink(_temporary["snaplink"], Path.Combine(Root, "member", "snap"));
        Directory.CreateSymbolicLink(_temporary["datalink"], Root);
        var target = new MemberLayout(_temporary[data], _temporary[wal]);
        Assert.Equal(ErrorCode.Usage, Refuse(target, mayQuarantine: true).Code);
        Assert.Equal(["member"], Directory.GetFileSystemEntries(Root).Select(Path.GetFileName));
    }

    [Fact]
    public void Name_that_only_begins_like_the_members_may_hold_the_log() =>
        Begin(new MemberLayout(Root, Path.Combine(Root, "membership"))).Dispose();

    [Fact]
    public void New_directorys_name_is_flushed_where_it_stands_and_not_in_itself()
    {
        var files = new FaultyFileSystem(_files);
        StagedMember.Begin(files, new MemberLayout(Root + "/"), mayQuarantine: false, TimeProvider.System).Dispose();
        Assert.Equal(_temporary.FullName, files.Steps.First(s => s.Verb == "flush-directory").Path);
    }

    [Fact]
    public void Log_directory_beside_the_member_is_not_taken_for_a_stranger()
    {
        Directory.CreateDirectory(Path.Combine(Root, "wal"));
        Begin(new MemberLayout(Root, Path.Combine(Root, "wal"))).Dispose();
    }

    [Fact]
    public void Directory_with_other_things_is_not_a_log_directory_even_with_quarantine()
    {
        Directory.CreateDirectory(_temporary["home"]);
        File.WriteAllText(_temporary["home", "letter.txt"], "dear");
        var error = Refuse(new MemberLayout(Root, _temporary["home"]), mayQuarantine: true);
        Assert.Equal(ErrorCode.TargetNotEmpty, error.Code);
        Assert.Contains("letter.txt", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Root));
    }

    private StagedMember Begin(MemberLayout target, bool mayQuarantine = false) =>
        StagedMember.Begin(_files, target, mayQuarantine, TimeProvider.System);

    private SalvorException Refuse(MemberLayout target, bool mayQuarantine = false) =>
        Assert.Throws<SalvorException>(() => Begin(target, mayQuarantine));
}
