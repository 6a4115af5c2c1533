using System.Collections.Immutable;
using Salvor.Errors;
using Salvor.Readiness.Protect.Machine;
using Salvor.Recovery.Evidence;

namespace Salvor.Recovery.OnMachine.Manifests;

/// <summary>What is so of the control plane's manifests, and which of them worked.</summary>
public sealed class ManifestLook : IMachineLook
{
    private readonly ManifestSettings _settings;
    private readonly ManifestHistory _history;
    private readonly ManifestReader _reader;

    public ManifestLook(NodeFiles machine, ManifestSettings settings, ManifestHistory history, TimeProvider time)
    {
        _settings = settings;
        _history = history;
        _reader = new ManifestReader(machine, settings, history, new ProcessTable(machine), time);
    }

    public Task<Observations> LookAsync(CancellationToken ct) => Task.FromResult(Look());

    public Observations Look()
    {
        try
        {
            return Describe(_reader.Read());
        }
        catch (SalvorException e)
        {
            // A directory that can't be read says nothing of what is in it.
            return Observations.None.With(Sign.ManifestDiffers, Truth.Unknown, e.Message);
        }
    }

    /// <summary>
    /// To be called while the control plane is well: manifests that are older than that proves become the last good
    /// ones. While kubeadm runs, nothing is remembered.
    /// </summary>
    public void RememberGood()
    {
        var scene = _reader.Read();
        if (scene.KubeadmRuns != false)
        {
            return;
        }

        foreach (var item in scene.Items)
        {
            if (item.File is { } file && item.Parsed?.Name == item.Pod.Name
                && _reader.IsOlderThan(file.Status, _settings.Proven))
            {
                _history.Remember(item.Pod.Name, item.Path, file);
            }
        }
    }

    private static Observations Describe(ManifestScene scene)
    {
        var etcd = scene[ControlPlanePod.Etcd];
        var apiServer = scene[ControlPlanePod.ApiServer];
        var seen = Observations.None
            .With(Sign.EtcdManifestPresent, !etcd.IsMissing, etcd.Path)
            .With(Sign.EtcdManifestHeld, etcd.IsHeld)
            .With(Sign.ApiServerManifestPresent, !apiServer.IsMissing, apiServer.Path)
            .With(Sign.StrayManifest, scene.Strays.Length > 0, string.Join(", ", scene.Strays))
            .With(Sign.ManifestIsSomebodysWork, scene.Work is not null, scene.Work ?? "");
        if (scene.KubeadmRuns is { } runs)
        {
            seen = seen.With(Sign.KubeadmRuns, runs);
        }

        return DescribeDifference(seen, [etcd, apiServer]);
    }

    /// <summary>Only of the pods without which the API can't be ready: another one's change is its owner's.</summary>
    private static Observations DescribeDifference(Observations seen, ImmutableArray<ManifestItem> vital)
    {
        var differing = vital.Where(item => item.Differs).Select(item => item.Path).ToList();
        if (differing.Count > 0)
        {
            return seen.With(Sign.ManifestDiffers, Truth.Yes, string.Join(", ", differing));
        }

        return vital.All(item => item.Good is null)
            ? seen.With(Sign.ManifestDiffers, Truth.Unknown, "No manifest that worked is kept yet.")
            : seen.With(Sign.ManifestDiffers, Truth.No);
    }
}
