using Salvor.Recovery.Engine;
using Salvor.Recovery.OnMachine.Manifests;
using static Salvor.Tests.Recovery.OnMachine.Manifests.ManifestMachine;

namespace Salvor.Tests.Recovery.OnMachine.Manifests;

public sealed class ManifestHistoryTests : IDisposable
{
    private const string Kept = ManifestHistory.DirectoryPath + "/kube-apiserver";

    private readonly ManifestMachine _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void Only_what_has_been_there_for_a_while_is_remembered()
    {
        _scene.Change(ApiServerPath, ApiServer + "# new\n", TimeSpan.FromMinutes(4));
        _scene.Look().RememberGood();
        Assert.Equal([ApiServer], _scene.Machine.Texts(Kept));

        _scene.Machine.SetAge(ApiServerPath, TimeSpan.FromMinutes(6));
        _scene.Look().RememberGood();
        Assert.Equal(ApiServer + "# new\n", new ManifestHistory(_scene.Machine.Files).Last("kube-apiserver")!.Text);
    }

    [Fact]
    public void Nothing_is_remembered_while_kubeadm_runs_and_no_pod_under_anothers_name()
    {
        _scene.Machine.RunProcess(7, "kubeadm");
        _scene.Change(ApiServerPath, ApiServer + "# new\n");
        _scene.Look().RememberGood();
        Assert.Equal([ApiServer], _scene.Machine.Texts(Kept));

        _scene.Machine.EndProcess(7);
        _scene.Change(ApiServerPath, Pod("kube-vip"));
        _scene.Look().RememberGood();
        Assert.Equal([ApiServer], _scene.Machine.Texts(Kept));
    }

    [Fact]
    public void The_last_five_are_kept_and_one_that_comes_back_is_the_last_again()
    {
        for (var i = 0; i < 8; i++)
        {
            _scene.Change(ApiServerPath, $"{ApiServer}# {i % 7}\n");
            _scene.Look().RememberGood();
            _scene.Look().RememberGood(); // Equal ones are not written twice.
        }

        Assert.Equal(5, _scene.Machine.Names(Kept).Count);
        Assert.Equal(
            [ApiServer + "# 3\n", ApiServer + "# 4\n", ApiServer + "# 5\n", ApiServer + "# 6\n", ApiServer + "# 0\n"],
            _scene.Machine.Names(Kept).Select(name => _scene.Machine.Read($"{Kept}/{name}")));
    }

    [Fact]
    public void A_copy_that_has_rotted_is_not_put_back()
    {
        _scene.Change(ApiServerPath, ApiServer + "# second\n");
        _scene.Look().RememberGood();
        var newest = _scene.Machine.PathOf($"{Kept}/{_scene.Machine.Names(Kept)[^1]}");
        File.WriteAllText(newest, "rotten");
        _scene.Delete(ApiServerPath);

        Assert.Equal(StepResult.Done, _scene.Repair().PutBackManifests().Result);
        Assert.Equal(ApiServer, _scene.Machine.Read(ApiServerPath));
    }
}
