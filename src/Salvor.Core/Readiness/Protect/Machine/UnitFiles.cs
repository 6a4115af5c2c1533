using System.Collections.Immutable;

namespace Salvor.Readiness.Protect.Machine;

/// <summary>The settings of a service as its files on disk give them, in systemd's own order.</summary>
/// <remarks>
/// The unit's first file counts, then all drop-ins by name, whichever directory they are in; one of the same name in an
/// earlier directory hides the others (systemd.unit(5)).
/// </remarks>
internal sealed class UnitFiles
{
    private static readonly ImmutableArray<string> Directories =
    [
        "/etc/systemd/system.control", "/run/systemd/system.control", "/etc/systemd/system", "/run/systemd/system",
        "/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system",
    ];

    private readonly List<UnitSetting> _settings = [];

    private UnitFiles(string? file) => File = file;

    /// <summary>The unit's own file; null where there is none.</summary>
    public string? File { get; }

    /// <summary>Whether the unit's name leads to no file: systemd then refuses to start it.</summary>
    public bool IsMasked { get; private init; }

    /// <param name="machine">Whose files.</param>
    /// <param name="unit">As in "kubelet.service".</param>
    /// <param name="instead">A file that is taken to be another text, or to be there at all.</param>
    public static UnitFiles Read(NodeFiles machine, string unit, (string Path, string Text)? instead = null)
    {
        var file = Directories.Select(d => $"{d}/{unit}").FirstOrDefault(path => Exists(machine, path));
        var isMasked = file is not null && machine.FileSystem.Stat(machine.PathOf(file)) is not { IsFile: true };
        var result = new UnitFiles(file) { IsMasked = isMasked };
        if (file is not null && !isMasked)
        {
            result.Add(machine.TryRead(file)?.Text, file);
        }

        foreach (var path in DropIns(machine, unit, instead?.Path))
        {
            result.Add(path == instead?.Path ? instead.Value.Text : machine.TryRead(path)?.Text, path);
        }

        return result;
    }

    /// <summary>The assignment that counts, of a setting that may have several names; null where none does.</summary>
    public UnitSetting? Last(params ReadOnlySpan<(string Section, string Key)> names)
    {
        UnitSetting? last = null;
        foreach (var setting in _settings)
        {
            if (names.Contains((setting.Section, setting.Key)))
            {
                last = setting.Value.Length > 0 ? setting : null;
            }
        }

        return last;
    }

    /// <summary>Every assignment of a list that is still in force: an empty one takes away those before it.</summary>
    public IReadOnlyList<UnitSetting> All(string section, string key)
    {
        var all = _settings.Where(setting => setting.Section == section && setting.Key == key).ToList();
        return all[(all.FindLastIndex(setting => setting.Value.Length == 0) + 1)..];
    }

    private static bool Exists(NodeFiles machine, string path) =>
        machine.FileSystem.IsLink(machine.PathOf(path)) || machine.FileSystem.Stat(machine.PathOf(path)) is not null;

    private static SortedDictionary<string, string>.ValueCollection DropIns(
        NodeFiles machine, string unit, string? more)
    {
        var byName = new SortedDictionary<string, string>(StringComparer.Ordinal);
        string[] directories =
            [.. Directories.Select(d => $"{d}/{unit}.d"), .. Directories.Select(d => $"{d}/service.d")];
        foreach (var directory in directories)
        {
            var place = machine.PathOf(directory);
            var names = machine.FileSystem.Stat(place) is { IsDirectory: true } ? machine.FileSystem.List(place) : [];
            foreach (var name in names.Where(n => n.EndsWith(".conf", StringComparison.Ordinal)))
            {
                byName.TryAdd(name, $"{directory}/{name}");
            }

            if (more is not null && Path.GetDirectoryName(more) == directory)
            {
                byName.TryAdd(Path.GetFileName(more), more);
            }
        }

        return byName.Values;
    }

    private void Add(string? text, string file)
    {
        if (text is not null)
        {
            _settings.AddRange(UnitFileText.Read(text, file));
        }
    }
}
