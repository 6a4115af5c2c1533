using System.Globalization;
using Salvor.IntegrationTests.Salvage;
using Salvor.IntegrationTests.Streaming;
using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.Repository;

/// <summary>
/// Every revision that etcd ever showed can be restored, whatever happened to the streamer and to etcd meanwhile.
/// </summary>
public sealed class AnyRevisionTests
{
    private static readonly int Rounds = TestLevel.Choose(3, 4, 25);
    private static readonly int SamplesPerRound = TestLevel.Choose(1, 2, 8);

    public static TheoryData<string> Suites => EtcdBinaries.AllSuites;

    [Theory]
    [MemberData(nameof(Suites))]
    public async Task Any_revision_restores_to_what_etcd_answered_at_it(string suite)
    {
        const int Seed = 20_261_122;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        using var rig = new RepositoryRig();
        await rig.InitAsync();
        await using var etcd = await EtcdServer.StartAsync(suite);
        var answers = new SortedDictionary<long, IReadOnlyList<EtcdKeyValue>>();
        await rig.BackupAsync(etcd);
        var streamer = rig.StartStream(etcd);
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                using (var load = new GatewayWorkload(etcd.Endpoint, random.Next()) { Compacts = false })
                {
                    await load.RunAsync(40);
                }

                await AskAsync(etcd, random, answers);
                switch (random.Next(4))
                {
                    case 0:
                        streamer.Kill();
                        await streamer.DisposeAsync();
                        streamer = rig.StartStream(etcd);
                        break;
                    case 1:
                        // Stopped, not killed: see docs/operations/back-up.md, "When etcd is killed".
                        await etcd.StopAsync();
                        await etcd.StartAgainAsync();
                        break;
                    case 2:
                        await rig.BackupAsync(etcd);
                        break;
                    default:
                        break;
                }
            }

            var head = await etcd.Etcdctl.RevisionAsync();
            answers[head] = await etcd.Etcdctl.GetAllAsync(head);
            // Not the store: what is there may be of a streamer that was killed, and this one not begun.
            await StreamEvents.WaitUntilSafeAsync(streamer, head);
        }
        finally
        {
            streamer.SendTerminate();
            (await streamer.FinishAsync()).ShouldExitWith(0);
            await streamer.DisposeAsync();
        }

        await etcd.StopAsync();
        foreach (var (revision, expected) in answers)
        {
            await ShouldRestoreAsync(rig, suite, revision, expected);
        }
    }

    private static async Task AskAsync(
        EtcdServer etcd, Random random, SortedDictionary<long, IReadOnlyList<EtcdKeyValue>> answers)
    {
        var head = await etcd.Etcdctl.RevisionAsync();
        for (var i = 0; i < SamplesPerRound; i++)
        {
            var revision = Math.Max(2, head - random.Next(30));
            answers[revision] = await etcd.Etcdctl.GetAllAsync(revision);
        }
    }

    private static async Task ShouldRestoreAsync(
        RepositoryRig rig, string suite, long revision, IReadOnlyList<EtcdKeyValue> expected)
    {
        var target = string.Create(CultureInfo.InvariantCulture, $"at-{revision}");
        var report = await rig.RestoreAsync(
            target, "--revision", revision.ToString(CultureInfo.InvariantCulture), "--revision-bump", "0");
        Assert.Equal(revision, report.GetProperty("revision").GetInt64());
        await using var restored = await rig.BootAsync(suite, target);
        Assert.Equal(revision, await restored.Etcdctl.RevisionAsync());
        Assert.Equal(expected, await restored.Etcdctl.GetAllAsync());
    }
}
