using System.Text;
using Salvor.Errors;
using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Ladder;
using Salvor.Recovery.OnMachine;
using Salvor.Recovery.Shared;
using Salvor.Repository;
using Salvor.Tests.Support;

namespace Salvor.Tests.Recovery.Shared;

/// <summary>Both boards, and whoever heeds them.</summary>
public sealed class NoticeTests
{
    private const string Directory = "/var/lib/salvor";

    private readonly SimulatedTime _time = new();
    private readonly MemoryFiles _files = new();
    private readonly OpenRepository _repository = new(new MemoryStore(), TestRepository.Sealer());
    private readonly List<string> _said = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_last_word_of_each_kind_counts(bool isFile)
    {
        var board = Board(isFile);
        Assert.Equal(Notices.None, await board.ReadAsync(Ct));

        await board.PutAsync(Pause(TimeSpan.FromHours(1)), Ct);
        await board.PutAsync(Pause(TimeSpan.FromHours(2)), Ct);
        await board.PutAsync(Approve(), Ct);

        Assert.Equal(new Notices(Pause(TimeSpan.FromHours(2)), Approve()), await Board(isFile).ReadAsync(Ct));
        await board.PutAsync(PauseNotice.End(_time.GetUtcNow(), "bob"), Ct);
        Assert.Equal("bob", (await board.ReadAsync(Ct)).Pause?.Who);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_pause_without_end_is_refused(bool isFile)
    {
        var refused = await Assert.ThrowsAsync<SalvorException>(
            () => Board(isFile).PutAsync(Pause(TimeSpan.FromDays(8)), Ct));

        Assert.Equal(ErrorCode.Usage, refused.Code);
        Assert.Equal(Notices.None, await Board(isFile).ReadAsync(Ct));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("{\"until\":\"2026-12-30T00:00:00Z\",\"written\":\"2026-11-22T22:00:00Z\",\"who\":\"\",\"why\":\"\"}")]
    public async Task A_pause_that_cannot_be_read_counts_as_one(string content)
    {
        _files.With($"{Directory}/pause.json", Encoding.UTF8.GetBytes(content));
        var heed = new NoticeHeed(Board(isFile: true).ReadAsync, _time, _said.Add);

        var paused = Assert.IsType<RecoveryEvent.Paused>(Assert.Single(await HearAsync(heed)));

        Assert.True(paused.Until > _time.GetUtcNow());
        Assert.Contains("can't be read", Assert.Single(_said));
    }

    [Fact]
    public async Task A_pause_is_told_once_and_so_is_its_end()
    {
        var board = Board(isFile: true);
        var heed = new NoticeHeed(board.ReadAsync, _time, _said.Add);
        Assert.Empty(await HearAsync(heed));

        await board.PutAsync(Pause(TimeSpan.FromHours(1)), Ct);
        Assert.IsType<RecoveryEvent.Paused>(Assert.Single(await HearAsync(heed)));
        Assert.Empty(await HearAsync(heed));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.IsType<RecoveryEvent.Resumed>(Assert.Single(await HearAsync(heed)));
        Assert.Empty(await HearAsync(heed));
        Assert.Equal(2, _said.Count);
    }

    [Fact]
    public async Task An_approval_is_told_once_with_the_time_that_it_was_given_at()
    {
        var board = Board(isFile: true);
        await board.PutAsync(Approve(), Ct);
        _time.Advance(TimeSpan.FromMinutes(4));
        var heed = new NoticeHeed(board.ReadAsync, _time, _said.Add);

        var heard = Assert.Single(await heed.HearAsync(Ct))(new Moment(TimeSpan.FromMinutes(10), _time.GetUtcNow()));

        var approved = Assert.IsType<RecoveryEvent.Approved>(heard);
        Assert.Equal((CauseId.DataLost, Rung.RecoverData), (approved.Cause, approved.Rung));
        Assert.Equal(TimeSpan.FromMinutes(6) - Approval.SkewMax, approved.GivenAt);
        Assert.Equal(TimeSpan.FromMinutes(16), approved.Until);
        Assert.Empty(await HearAsync(heed));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-2)]
    public async Task An_approval_that_is_old_or_of_the_future_is_not_told(int minutes)
    {
        var board = Board(isFile: true);
        await board.PutAsync(Approve(), Ct);
        _time.Advance(TimeSpan.FromMinutes(minutes));

        Assert.Empty(await HearAsync(new NoticeHeed(board.ReadAsync, _time, _said.Add)));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{\"cause\":\"OfANewerSalvor\",\"rung\":\"Reboot\",\"written\":\"2026-11-22T22:00:00Z\",\"who\":\"\"}")]
    public async Task An_approval_that_cannot_be_read_allows_nothing_and_is_no_pause(string content)
    {
        _files.With($"{Directory}/approval.json", Encoding.UTF8.GetBytes(content));
        var board = Board(isFile: true);
        await board.PutAsync(Pause(TimeSpan.FromHours(1)), Ct);

        var notices = await board.ReadAsync(Ct);

        Assert.Equal(("ann", null), (notices.Pause?.Who, notices.Approval));
    }

    [Fact]
    public void Of_two_boards_the_newer_word_counts()
    {
        var old = new Notices(Pause(TimeSpan.FromHours(1)), Approve());
        _time.Advance(TimeSpan.FromMinutes(1));
        var ended = new Notices(PauseNotice.End(_time.GetUtcNow(), "bob"), null);

        foreach (var both in (Notices[])[old.Or(ended), ended.Or(old)])
        {
            Assert.Equal(("bob", old.Approval), (both.Pause!.Who, both.Approval));
        }
    }

    private INoticeBoard Board(bool isFile) =>
        isFile ? new FileNotices(_files, Directory) : new StoreNotices(new StoreJson(_repository));

    private static async Task<IReadOnlyList<RecoveryEvent>> HearAsync(NoticeHeed heed) =>
        [.. (await heed.HearAsync(Ct)).Select(said => said(new Moment(TimeSpan.FromHours(1), default)))];

    private PauseNotice Pause(TimeSpan length) =>
        new() { Until = _time.GetUtcNow() + length, Written = _time.GetUtcNow(), Who = "ann", Why = "a new kernel" };

    private Approval Approve() => new()
    {
        Cause = CauseId.DataLost,
        Rung = Rung.RecoverData,
        Written = _time.GetUtcNow(),
        Who = "ann",
    };
}
