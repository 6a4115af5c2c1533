using System.Collections.Immutable;
using Salvor.Errors;
using Salvor.Node;
using Salvor.Platform;
using Salvor.Readiness.Protect.DataVolume;
using Salvor.Readiness.Protect.Machine;

namespace Salvor.Recovery.OnMachine.Manifests;

/// <summary>Looks at the directory of static pods as kubelet does: at every file that is not hidden.</summary>
internal sealed class ManifestReader(
    NodeFiles machine, ManifestSettings settings, ManifestHistory history, ProcessTable processes, TimeProvider time)
{
    private const string Kubeadm = "kubeadm";

    public ManifestScene Read()
    {
        var items = ControlPlanePod.All.Select(ReadItem).ToImmutableArray();
        var strays = FindStrays(items);
        var work = FindChange(items, strays);
        var deletion = work is null ? items.Select(FindDeletion).FirstOrDefault(found => found is not null) : null;
        return new ManifestScene(items, strays, work ?? deletion, KubeadmRuns())
        {
            IsWorkBrief = deletion is not null,
        };
    }

    public bool? KubeadmRuns() => processes.Named(Kubeadm) is { } found ? found.Count > 0 : null;

    /// <summary>Whether a file has been left alone for so long.</summary>
    public bool IsOlderThan(FileStatus? status, TimeSpan age) => !IsYoungerThan(status, age);

    private ManifestItem ReadItem(ControlPlanePod pod)
    {
        var path = $"{settings.Directory}/{pod.FileName}";
        var status = machine.FileSystem.Stat(machine.PathOf(path));
        var isHeld = machine.FileSystem.Stat(machine.PathOf($"{settings.HeldDirectory}/{pod.FileName}")) is not null;
        return new ManifestItem(pod, path, status, TryRead(path), history.Last(pod.Name), isHeld);
    }

    private NodeText? TryRead(string path)
    {
        try
        {
            return machine.TryRead(path);
        }
        catch (SalvorException e) when (e.Code == ErrorCode.WrongKind)
        {
            return null; // Too large, or no text: no manifest.
        }
    }

    /// <summary>
    /// Only what stands beside the pod's own manifest is a stray: where that is gone or is no manifest, the other may
    /// be the only good one.
    /// </summary>
    private ImmutableArray<string> FindStrays(ImmutableArray<ManifestItem> items)
    {
        var place = machine.PathOf(settings.Directory);
        if (machine.FileSystem.Stat(place) is not { IsDirectory: true })
        {
            return [];
        }

        var others = machine.FileSystem.List(place)
            .Where(name => !name.StartsWith('.') && items.All(item => item.Pod.FileName != name))
            .Select(name => $"{settings.Directory}/{name}").ToList();
        if (others.Count == 0)
        {
            return [];
        }

        var own = items.Select(item => item.Parsed).OfType<PodManifest>().ToList();
        return [.. others.Where(path => TryRead(path) is { } file && PodManifest.TryParse(path, file.Text) is { } pod
            && own.Any(pod.IsInTheWayOf))];
    }

    private string? FindChange(ImmutableArray<ManifestItem> items, ImmutableArray<string> strays)
    {
        var change = items.Where(item => item.Differs).Select(FindChange).FirstOrDefault(found => found is not null);
        var fresh = strays.FirstOrDefault(
            path => IsYoungerThan(machine.FileSystem.Stat(machine.PathOf(path)), settings.ChangedLately));
        return change ?? (fresh is null
            ? null
            : $"{fresh} was changed less than {settings.ChangedLately.TotalMinutes:0} minutes ago.");
    }

    private string? FindDeletion(ManifestItem item)
    {
        var directory = machine.FileSystem.Stat(machine.PathOf(settings.Directory))
            ?? machine.FileSystem.Stat(machine.PathOf(Path.GetDirectoryName(settings.Directory)!));
        var isGone = item.IsMissing && item.Good is not null && !item.IsHeld;
        if (isGone && machine.FileSystem.Stat(machine.PathOf(EtcdPod.KeptPathOf(item.Path))) is not null)
        {
            return $"{item.Path} is aside while etcd's data moves to a volume (salvor protect --etcd-volume).";
        }

        return isGone && IsYoungerThan(directory, settings.DeletedLately)
            ? $"{item.Path} is gone, and {settings.Directory} was changed less than "
                + $"{settings.DeletedLately.TotalMinutes:0} minutes ago."
            : null;
    }

    private string? FindChange(ManifestItem item)
    {
        if (IsYoungerThan(item.Status, settings.ChangedLately))
        {
            return $"{item.Path} was changed less than {settings.ChangedLately.TotalMinutes:0} minutes ago.";
        }

        var present = ImageOf(item.Parsed, item.Pod);
        var good = ImageOf(PodManifest.TryParse(item.Good!.Path, item.Good.Text), item.Pod);
        return present is not null && good is not null && !IsOneMinor(present, good)
            ? $"{item.Path} has the image {present} instead of {good}: an upgrade is not taken back."
            : null;
    }

    private static string? ImageOf(PodManifest? pod, ControlPlanePod own) =>
        pod?.Images.GetValueOrDefault(own.Name) is { Length: > 0 } image ? image : null;

    /// <summary>Images whose versions can't be told count as another minor version's, unless they are equal.</summary>
    private static bool IsOneMinor(string one, string other) =>
        one == other
        || (EtcdManifest.ParseTag(one) is { } left && EtcdManifest.ParseTag(other) is { } right
            && left.Major == right.Major && left.Minor == right.Minor);

    /// <summary>A time in the future is a clock's fault, and leaves open when it was: that is young, too.</summary>
    private bool IsYoungerThan(FileStatus? status, TimeSpan age) =>
        status is not null
        && NanosecondsNow() - status.ModifiedUnixNanoseconds < (Int128)age.Ticks * TimeSpan.NanosecondsPerTick;

    private Int128 NanosecondsNow() =>
        (Int128)(time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
}
