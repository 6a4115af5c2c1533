namespace Salvor.Lab.Faults;

/// <summary>Faults inside the control plane's machine: each is a file of shell beside this one.</summary>
public static class NodeFaults
{
    private const string Common = "common";
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Faults", "Node");

    public static IEnumerable<Fault> Read() =>
        from file in Directory.EnumerateFiles(Folder, "*.sh").Order(StringComparer.Ordinal)
        let name = Path.GetFileNameWithoutExtension(file)
        where name != Common
        select Of(name, File.ReadAllText(file));

    private static Fault Of(string name, string text)
    {
        var about = text[1..text.IndexOf('\n', StringComparison.Ordinal)].Trim();
        var script = File.ReadAllText(Path.Combine(Folder, Common + ".sh")) + text;
        return new Fault(
            name, about,
            (lab, cancel) => lab.ControlPlane.ShellAsync(script + "inject", cancel),
            (lab, cancel) => lab.ControlPlane.ShellAsync(script + "heal || true", cancel),
            async (lab, cancel) =>
            {
                var seen = await lab.ControlPlane.ShellAsync(script + "observe || true", cancel).ConfigureAwait(false);
                return seen.Trim() is { Length: > 0 } proof ? proof : null;
            });
    }
}
