using Salvor.Errors;
using Salvor.Platform.Linux;
using Salvor.Recovery.Engine;
using Salvor.Tests.DataDirectory;
using static Salvor.Tests.Recovery.OnMachine.Manifests.ManifestMachine;

namespace Salvor.Tests.Recovery.OnMachine.Manifests;

/// <summary>The power goes at every change in turn, and every change fails in turn.</summary>
public sealed class ManifestCrashTests
{
    private static readonly string Bad = ApiServer + "# bad\n";
    private static readonly string New = ApiServer + "# new\n";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Putting_back_leaves_the_old_manifest_or_the_good_one_and_never_loses_the_bad(bool isPowerCut)
    {
        ForEachFault(
            isPowerCut,
            scene =>
            {
                scene.Change(ApiServerPath, Bad);
                scene.Delete(EtcdPath);
            },
            (scene, files) => scene.Repair(files).PutBackManifests(),
            scene =>
            {
                Assert.Contains(scene.Machine.Read(ApiServerPath), new[] { Bad, ApiServer });
                Assert.Contains(Bad, scene.Machine.Texts(Quarantine).Append(scene.Machine.Read(ApiServerPath)));
                Assert.True(!scene.Machine.Has(EtcdPath) || scene.Machine.Read(EtcdPath) == EtcdYaml);
            },
            scene =>
            {
                Assert.Equal(ApiServer, scene.Machine.Read(ApiServerPath));
                Assert.Equal(EtcdYaml, scene.Machine.Read(EtcdPath));
                Assert.Contains(Bad, scene.Machine.Texts(Quarantine));
            });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_stray_is_at_one_place_or_the_other(bool isPowerCut)
    {
        const string Stray = ManifestDirectory + "/etcd.yaml.bak";
        ForEachFault(
            isPowerCut,
            scene => scene.Change(Stray, EtcdYaml),
            (scene, files) => scene.Repair(files).QuarantineStrays(),
            scene => Assert.Equal(1, (scene.Machine.Has(Stray) ? 1 : 0) + scene.Machine.Texts(Quarantine).Count),
            scene => Assert.Equal([EtcdYaml], scene.Machine.Texts(Quarantine)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Remembering_never_loses_what_was_remembered(bool isPowerCut)
    {
        ForEachFault(
            isPowerCut,
            scene => scene.Change(ApiServerPath, New),
            (scene, files) =>
            {
                scene.Look(files).RememberGood();
                return StepReport.Done();
            },
            scene => Assert.Contains(Last(scene), new[] { ApiServer, New }),
            scene => Assert.Equal(New, Last(scene)));
    }

    private static string Last(ManifestMachine scene) =>
        new Salvor.Recovery.OnMachine.Manifests.ManifestHistory(scene.Machine.Files).Last("kube-apiserver")!.Text;

    private static void ForEachFault(
        bool isPowerCut, Action<ManifestMachine> prepare, Func<ManifestMachine, FaultyFileSystem, StepReport> work,
        Action<ManifestMachine> checkLeft, Action<ManifestMachine> checkEnd)
    {
        for (var at = 0; ; at++)
        {
            using var scene = new ManifestMachine();
            prepare(scene);
            var files = new FaultyFileSystem(new LinuxFileSystem())
            {
                CutAt = isPowerCut ? at : null,
                FailAt = isPowerCut ? null : at,
            };
            try
            {
                work(scene, files);
            }
            catch (Exception e) when (e is PowerCutException or SalvorException)
            {
                // What is left is looked at next.
            }

            checkLeft(scene);
            scene.Settle();
            Assert.Equal(StepResult.Done, work(scene, new FaultyFileSystem(new LinuxFileSystem())).Result);
            checkEnd(scene);
            Assert.DoesNotContain(scene.Machine.Names(ManifestDirectory), name => name.StartsWith('.'));
            if (!files.WasHit)
            {
                Assert.True(at > 3, "The work changes next to nothing.");
                return;
            }
        }
    }
}
