using Salvor.Errors;
using Salvor.Platform;
using Salvor.Repository;
using Salvor.Repository.Kits;

namespace Salvor.Restore.Kits;

/// <summary>Puts a kit back onto a machine, with modes and owners.</summary>
/// <remarks>
/// Each file is written beside its place, flushed, and then takes it in one step; what was there gets the other name,
/// which begins with a dot, so that neither kubelet nor systemd takes it for one of theirs. A crash leaves each file
/// old or new, and the next run goes on. Static pods come last: the kubelet starts them as soon as it sees them.
/// </remarks>
public sealed class KitRestore(IFileSystem files)
{
    private const UnixFileMode UsualDirectory = UnixFileMode.UserRead | UnixFileMode.UserWrite
        | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead
        | UnixFileMode.OtherExecute;

    /// <summary>Says what would be done, and changes nothing.</summary>
    /// <param name="kit">The kit.</param>
    /// <param name="root">The machine's root directory, or another one to look at it in.</param>
    /// <param name="run">Marks what is put aside.</param>
    /// <exception cref="SalvorException">Something stands in the way of an entry.</exception>
    public IReadOnlyList<KitStep> Plan(KitDocument kit, string root, ObjectId run)
    {
        var ordered = kit.Entries.Where(e => !IsStaticPod(kit, e)).Concat(kit.Entries.Where(e => IsStaticPod(kit, e)));
        return [.. ordered.Select(entry => StepOf(entry, root.TrimEnd('/'), run))];
    }

    /// <summary>Does what was planned.</summary>
    public void Apply(IReadOnlyList<KitStep> steps, CancellationToken ct)
    {
        foreach (var step in steps.Where(step => step.Action != KitAction.Keep))
        {
            ct.ThrowIfCancellationRequested();
            var directory = Path.GetDirectoryName(step.Path)!;
            EnsureDirectory(directory);
            if (step.Entry.IsDirectory)
            {
                PutDirectory(step);
            }
            else
            {
                PutOther(step, directory);
            }

            files.FlushDirectory(directory);
        }
    }

    private static bool IsStaticPod(KitDocument kit, KitEntry entry) =>
        kit.StaticPods is { } pods && entry.Path.StartsWith(pods + "/", StringComparison.Ordinal);

    private KitStep StepOf(KitEntry entry, string root, ObjectId run)
    {
        RequireNoLinkAbove(entry.Path, root);
        var path = root + entry.Path;
        var link = files.ReadLink(path);
        var status = link is null ? files.Stat(path) : null;
        if (status is { IsDirectory: true } != entry.IsDirectory && (status is not null || link is not null))
        {
            throw new SalvorException(ErrorCode.WrongKind,
                $"{path} is {(status is { IsDirectory: true } ? "a directory" : "no directory")}, and the kit has "
                + $"{(entry.IsDirectory ? "a directory" : "a file")} there.")
            {
                Hint = "Move it away, then run this again. Nothing was changed.",
            };
        }

        if (status is null && link is null)
        {
            return new KitStep(entry, path, KitAction.Create, PutAside: null);
        }

        if (IsSame(entry, path, status, link))
        {
            return new KitStep(entry, path, KitAction.Keep, PutAside: null);
        }

        return new KitStep(entry, path, KitAction.Replace, entry.IsDirectory ? null : AsideOf(path, run.Value));
    }

    /// <summary>A link above an entry would lead it out of its place, or out of the root altogether.</summary>
    private void RequireNoLinkAbove(string path, string root)
    {
        for (var end = path.IndexOf('/', 1); end > 0; end = path.IndexOf('/', end + 1))
        {
            var above = root + path[..end];
            if (files.ReadLink(above) is { } target)
            {
                throw new SalvorException(ErrorCode.WrongKind,
                    $"{above} is a symbolic link to {target}, and the kit has {path} below it.")
                {
                    Hint = "Make it a directory as on the machine that was lost, or restore the kit below another "
                        + "directory with --kit-root and copy from there. Nothing was changed.",
                };
            }
        }
    }

    private bool IsSame(KitEntry entry, string path, FileStatus? status, string? link)
    {
        if (entry.Target is not null || link is not null)
        {
            return entry.Target == link;
        }

        if ((int)status!.Mode != entry.Mode || status.OwnerId != entry.Owner || status.GroupId != entry.Group)
        {
            return false;
        }

        if (entry.Content is not { } content)
        {
            return true;
        }

        if (status.SizeBytes != content.Length)
        {
            return false;
        }

        using var file = files.OpenRead(path);
        var present = new byte[content.Length];
        return file.ReadAt(0, present) == present.Length && present.AsSpan().SequenceEqual(content);
    }

    private void EnsureDirectory(string directory)
    {
        if (files.Stat(directory) is not null)
        {
            return;
        }

        var above = Path.GetDirectoryName(directory)!;
        EnsureDirectory(above);
        files.CreateDirectory(directory, UsualDirectory);
        files.FlushDirectory(above);
    }

    private void PutDirectory(KitStep step)
    {
        var mode = (UnixFileMode)step.Entry.Mode;
        if (step.Action == KitAction.Create)
        {
            files.CreateDirectory(step.Path, mode);
        }

        files.SetOwner(step.Path, step.Entry.Owner, step.Entry.Group);
        files.SetMode(step.Path, mode); // After the owner, whose change takes bits away.
    }

    private void PutOther(KitStep step, string directory)
    {
        var beside = step.PutAside ?? AsideOf(step.Path, "new");
        DiscardUnfinished(beside); // What an earlier run was cut off at.
        var isInPlace = false;
        try
        {
            Write(step.Entry, beside);
            if (step.Action == KitAction.Create)
            {
                files.Rename(beside, step.Path);
            }
            else
            {
                files.Exchange(beside, step.Path);
            }

            isInPlace = true;
        }
        finally
        {
            if (!isInPlace)
            {
                DiscardUnfinished(beside);
            }
        }

        files.FlushDirectory(directory);
    }

    private void DiscardUnfinished(string path)
    {
        if (files.IsLink(path) || files.Stat(path) is not null)
        {
            files.DeleteOwnFile(path);
        }
    }

    private void Write(KitEntry entry, string path)
    {
        if (entry.Target is { } target)
        {
            files.CreateLink(path, target);
            return;
        }

        using var file = files.CreateNew(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        file.WriteAt(0, entry.Content);
        files.SetOwner(path, entry.Owner, entry.Group);
        files.SetMode(path, (UnixFileMode)entry.Mode);
        file.FlushToDisk();
    }

    private static string AsideOf(string path, string mark) =>
        Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.salvor-{mark}");
}
