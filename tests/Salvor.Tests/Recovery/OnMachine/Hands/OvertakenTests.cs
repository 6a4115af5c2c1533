using Salvor.Errors;
using Salvor.Formats.Etcd;
using Salvor.Node.Identity;
using Salvor.Node.Runtime;
using Salvor.Platform;
using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Gate;
using Salvor.Recovery.Ladder;
using Salvor.Recovery.OnMachine;
using Salvor.Recovery.OnMachine.Hands;
using Salvor.Recovery.OnMachine.Looks;
using Salvor.Repository;
using Salvor.Repository.Snapshots;
using Salvor.Restore.FromRepository;
using Salvor.Tests.Support;

namespace Salvor.Tests.Recovery.OnMachine.Hands;

/// <summary>
/// A recovery that was cut off in its middle is taken up anew, after another control plane took this one's place: its
/// data is not put here, and no timeline is begun that would overtake it.
/// </summary>
public sealed class OvertakenTests : IDisposable
{
    private const string Manifest = "/etc/kubernetes/manifests/etcd.yaml";
    private const string Data = "/var/lib/etcd";

    private readonly MemoryFiles _files = new MemoryFiles().With($"{Data}/.keep", []).With("/var/lib/salvor/x", []);
    private readonly SharedPlace _place = new();
    private readonly ContainerRuntime _runtime = new("/run/none.sock", TimeProvider.System);
    private readonly RecoveredFile _kept;
    private bool _isAway;

    /// <summary>Whether the store is away at the next tries to open the repository; after them it is there.</summary>
    private readonly Queue<bool> _awayAt = [];
    private OpenRepository? _other;
    private readonly DataRecovery _recovery;

    public OvertakenTests()
    {
        _files.With("/etc/kubernetes/salvor-held/etcd.yaml", """
            spec:
              containers:
              - name: etcd
                command:
                - etcd
                - --data-dir=/var/lib/etcd
                - --name=cp
                - --initial-advertise-peer-urls=https://10.0.0.1:2380
            """u8.ToArray());
        var machine = new AgentMachine(
            _files, new InlineCpuPool(), new OsProcessRunner(), new SeededEntropy(3), TimeProvider.System)
        {
            EtcdManifestPath = Manifest,
        };
        var stamp = new NodeIdentityFile(_files, "/");
        stamp.Write(new NodeIdentity
        {
            ClusterId = "abc",
            MemberId = "def",
            Timeline = 1,
            DataDirectory = Data,
            Written = DateTimeOffset.UnixEpoch,
        });
        var timeline = new TimelineLook(_ => OpenAsync(), stamp, TimeProvider.System);
        var hold = new EtcdHold(
            machine, new HeldManifest(_files, Manifest, TimeProvider.System), new PodHands(_runtime), timeline);
        _kept = new RecoveredFile(_files, AgentMachine.OwnDirectory);
        _recovery = new DataRecovery(machine, hold, _ => OpenAsync(), _kept);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _runtime.Dispose();

    [Fact]
    public async Task Data_is_not_put_in_place()
    {
        await _place.BeginAsync(1);
        await _place.BeginAsync(2);
        var order = new StepOrder("plan", CauseId.DataLost, Rung.RecoverData, StepKind.PutDataInPlace);

        var report = await _recovery.PutInPlaceAsync(order, Cancel);

        Assert.Equal(StepResult.Refused, report.Result);
        Assert.Contains("taken this one's place", report.Detail, StringComparison.Ordinal);
        Assert.Null(_kept.Read());
        Assert.Equal([".keep"], _files.List(Data));
    }

    [Theory]
    [InlineData("away", StepResult.Refused, "taken this one's place")]
    [InlineData("away there away", StepResult.Failed, "nobody knows whose")]
    public async Task Newest_data_of_a_repository_that_answers_late_is_not_put_in_place(
        string answers, StepResult result, string said)
    {
        using var repository = await SampleRepository.GoodAsync();
        _other = repository.Objects;
        Assert.True(await new SnapshotCatalog(_other).TryBeginAsync(
            new TimelineBegin { Timeline = 2, ClusterId = "2", Reason = "a move", Begun = DateTimeOffset.UnixEpoch },
            Cancel));
        foreach (var answer in answers.Split(' '))
        {
            _awayAt.Enqueue(answer == "away");
        }

        var order = new StepOrder("plan", CauseId.DataLost, Rung.RecoverData, StepKind.PutDataInPlace);
        var report = await _recovery.PutInPlaceAsync(order, Cancel);

        Assert.Equal(result, report.Result);
        Assert.Contains(said, report.Detail, StringComparison.Ordinal);
        Assert.Null(_kept.Read());
        Assert.Equal([".keep"], _files.List(Data));
    }

    [Fact]
    public async Task Salvaged_copies_that_no_plan_took_do_not_stay_on_the_volume()
    {
        await _place.BeginAsync(1);
        _files.With($"{Data}/.salvor-salvaged-an-earlier-plan/member/snap/db", [1]);
        var order = new StepOrder("plan", CauseId.DataLost, Rung.RecoverData, StepKind.PutDataInPlace);

        var report = await _recovery.PutInPlaceAsync(order, Cancel);

        Assert.Equal(StepResult.Failed, report.Result);
        Assert.Equal([".keep"], _files.List(Data));
    }

    [Fact]
    public async Task Data_directory_that_is_gone_as_a_whole_is_recovered_like_an_empty_one()
    {
        await _place.BeginAsync(1);
        _files.DeleteOwnTree(Data);
        var order = new StepOrder("plan", CauseId.DataLost, Rung.RecoverData, StepKind.PutDataInPlace);

        var report = await _recovery.PutInPlaceAsync(order, Cancel);

        // It came as far as the repository, which has no snapshot here.
        Assert.Contains("can be salvaged, and", report.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_stamp_nobody_knows_whose_the_newest_data_is()
    {
        using var repository = await SampleRepository.GoodAsync();
        _other = repository.Objects;
        _files.DeleteOwnFile(NodeIdentityFile.FilePath);
        var order = new StepOrder("plan", CauseId.DataLost, Rung.RecoverData, StepKind.PutDataInPlace);

        var report = await _recovery.PutInPlaceAsync(order, Cancel);

        Assert.Equal(StepResult.Failed, report.Result);
        Assert.Contains("no stamp", report.Detail, StringComparison.Ordinal);
        Assert.Equal([".keep"], _files.List(Data));
    }

    [Fact]
    public async Task No_timeline_is_begun()
    {
        await _place.BeginAsync(1);
        PutInPlace();
        await _place.BeginAsync(2);
        var before = await CountAsync();

        var report = await _recovery.BeginTimelineAsync(Cancel);

        Assert.Equal(StepResult.Refused, report.Result);
        Assert.Equal(before, await CountAsync());
        Assert.Null(_kept.Read()?.Timeline);
    }

    [Fact]
    public async Task One_that_was_not_overtaken_begins_its_timeline()
    {
        await _place.BeginAsync(1);
        PutInPlace();

        var report = await _recovery.BeginTimelineAsync(Cancel);

        Assert.Equal(StepResult.Done, report.Result);
        Assert.Equal(2, _kept.Read()?.Timeline);
    }

    [Fact]
    public async Task Where_nobody_answers_no_timeline_is_begun_yet()
    {
        await _place.BeginAsync(1);
        PutInPlace();
        await _place.BeginAsync(2);
        _isAway = true;

        var report = await _recovery.BeginTimelineAsync(Cancel);

        Assert.Equal(StepResult.Done, report.Result);
        Assert.Contains("when the repository answers", report.Detail, StringComparison.Ordinal);
        Assert.Null(_kept.Read()?.Timeline);
        _isAway = false;
        Assert.Equal(StepResult.Refused, (await _recovery.BeginTimelineAsync(Cancel)).Result);
    }

    [Fact]
    public async Task A_timeline_never_follows_another_ones()
    {
        await _place.BeginAsync(1);
        await _place.BeginAsync(2);

        await Assert.ThrowsAsync<SalvorException>(() => NextTimeline.BeginForAsync(
            _place.Repository, new ClusterId(0xabc), new TimelineId(1), 7, "a test", TimeProvider.System, Cancel));
        await Assert.ThrowsAsync<SalvorException>(() => NextTimeline.BeginForAsync(
            _place.Repository, new ClusterId(0xabc), own: null, 7, "a test", TimeProvider.System, Cancel));
        Assert.Equal(3, (await NextTimeline.BeginForAsync(
            _place.Repository, new ClusterId(0xabc), new TimelineId(2), 7, "a test", TimeProvider.System, Cancel))
            .Value);
    }

    /// <summary>As after the step that puts the data there.</summary>
    private void PutInPlace() => _kept.Write(new RecoveredData
    {
        PlanId = "plan",
        ClusterId = "abc",
        MemberId = "def",
        Source = "a test",
        Revision = 7,
        IsInPlace = true,
    });

    private Task<OpenRepository> OpenAsync() => _isAway || (_awayAt.TryDequeue(out var isAway) && isAway)
        ? throw new SalvorException(ErrorCode.StoreUnreachable, "away")
        : Task.FromResult(_other ?? _place.Repository);

    private ValueTask<int> CountAsync() =>
        _place.Repository.Store.ListAsync("", startAfter: null, Cancel).CountAsync(Cancel);
}
