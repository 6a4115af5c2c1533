using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Salvor.Errors;
using Salvor.Readiness.Protect.Machine;

namespace Salvor.Recovery.OnMachine.Manifests;

/// <summary>The manifests that worked, a few of each pod.</summary>
/// <remarks>
/// A file each, under a number that rises and the SHA-256 of its text: the highest number whose text still has that
/// hash is the last good one. A new one is there before an old one goes, so a crash leaves one too many, which the next
/// one takes away.
/// </remarks>
public sealed class ManifestHistory(NodeFiles machine)
{
    public const string DirectoryPath = "/var/lib/salvor/manifests";

    private const int KeptMax = 5;
    private const int Digits = 8;

    /// <summary>A look that was left behind may still run beside a repair.</summary>
    private readonly ConcurrentDictionary<string, GoodManifest?> _last = new(StringComparer.Ordinal);

    /// <summary>The last good one of a pod; null where none is kept.</summary>
    public GoodManifest? Last(string pod)
    {
        if (!_last.TryGetValue(pod, out var good))
        {
            _last[pod] = good = Find(pod);
        }

        return good;
    }

    /// <summary>What is on the disk counts from here on, not what was read before.</summary>
    public void Refresh() => _last.Clear();

    /// <summary>Keeps a manifest as the last good one; one that is that already is not written.</summary>
    public void Remember(string pod, string manifestPath, NodeText manifest)
    {
        if (Last(pod)?.Text == manifest.Text)
        {
            return;
        }

        var names = Names(pod);
        var number = names.Count == 0 ? 1 : NumberOf(names[0]) + 1;
        var path = string.Create(CultureInfo.InvariantCulture,
            $"{DirectoryPath}/{pod}/{number:D8}-{HashOf(manifest.Text)}.yaml");
        machine.Create(path, manifest.Text, manifest.Status.Mode, like: manifestPath);
        _last[pod] = new GoodManifest(path, manifest.Text);
        foreach (var old in names.Skip(KeptMax - 1))
        {
            machine.DeleteOwn($"{DirectoryPath}/{pod}/{old}"); // A copy of our own.
        }
    }

    private static string HashOf(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static int NumberOf(string name) =>
        name.Length > Digits && name[Digits] == '-'
            && int.TryParse(name.AsSpan(0, Digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : -1;

    private GoodManifest? Find(string pod)
    {
        foreach (var name in Names(pod))
        {
            var path = $"{DirectoryPath}/{pod}/{name}";
            if (TryRead(path) is { } text && name[(Digits + 1)..] == $"{HashOf(text)}.yaml")
            {
                return new GoodManifest(path, text);
            }
        }

        return null;
    }

    /// <summary>One that can't be read is not the last good one; the one before it may be.</summary>
    private string? TryRead(string path)
    {
        try
        {
            return machine.TryRead(path)?.Text;
        }
        catch (SalvorException)
        {
            return null;
        }
    }

    /// <summary>The newest first.</summary>
    private List<string> Names(string pod)
    {
        var place = machine.PathOf($"{DirectoryPath}/{pod}");
        return machine.FileSystem.Stat(place) is { IsDirectory: true }
            ? [.. machine.FileSystem.List(place).Where(name => NumberOf(name) > 0).OrderByDescending(NumberOf)]
            : [];
    }
}
