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
            (lab, cancel) => RunAsync(lab, name, script + "inject", cancel),
            (lab, cancel) => RunAsync(lab, name, script + "heal || true", cancel),
            async (lab, cancel) =>
            {
                var seen = await RunAsync(lab, name, script + "observe || true", cancel).ConfigureAwait(false);
                return seen.Trim() is { Length: > 0 } proof ? proof : null;
            });
    }

    private static async Task<string> RunAsync(
        Laboratory lab, string fault, string script, CancellationToken cancel)
    {
        var result = await lab.Cluster.ControlPlane.TryShellAsync(script, cancel).ConfigureAwait(false);
        return result.Succeeded
            ? result.Output
            : throw new LabException($"{fault} ended with {result.Code} on the machine: {result.Error.Trim()}");
    }
}
