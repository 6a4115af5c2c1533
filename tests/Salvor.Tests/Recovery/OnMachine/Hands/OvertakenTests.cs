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
        var timeline = new TimelineLook(_ => Task.FromResult(_place.Repository), stamp, TimeProvider.System);
        var hold = new EtcdHold(
            machine, new HeldManifest(_files, Manifest, TimeProvider.System), new PodHands(_runtime), timeline);
        _kept = new RecoveredFile(_files, AgentMachine.OwnDirectory);
        _recovery = new DataRecovery(machine, hold, _ => Task.FromResult(_place.Repository), _kept);
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

    private ValueTask<int> CountAsync() =>
        _place.Repository.Store.ListAsync("", startAfter: null, Cancel).CountAsync(Cancel);
}
