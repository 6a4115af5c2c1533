namespace Salvor.Lab.Host;

/// <summary>
/// A control group of the same path in every hierarchy (version 1). It holds all processes of a machine, however they
/// forked, so that a power cut leaves none behind.
/// </summary>
/// <param name="path">Its path below each hierarchy, such as <c>salvor-lab/lab/i-1</c>.</param>
public sealed class ControlGroups(string path)
{
    private const string Root = "/sys/fs/cgroup";
    private const int Rounds = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>The hierarchies in which systemd-nspawn puts the machine's init into a group of its own.</summary>
    private static readonly string[] OfInit = ["systemd", "unified"];

    /// <summary>The hierarchies of this machine, such as cpu, memory and systemd.</summary>
    public static IEnumerable<string> Hierarchies =>
        Directory.EnumerateDirectories(Root).Select(directory => Path.GetFileName(directory)!);

    /// <summary>The directory of this group in one hierarchy.</summary>
    public string In(string hierarchy) => $"{Root}/{hierarchy}/{path}";

    /// <summary>The directory that a machine sees as the root of the hierarchy.</summary>
    public string RootOfMachine(string hierarchy) =>
        OfInit.Contains(hierarchy) ? In(hierarchy) + "/payload" : In(hierarchy);

    /// <summary>Makes the group in every hierarchy.</summary>
    public void Create()
    {
        foreach (var hierarchy in Hierarchies)
        {
            Directory.CreateDirectory(RootOfMachine(hierarchy));
        }

        // A cpuset takes no process before it has processors and memory, and inherits neither.
        var parts = path.Split('/');
        for (var depth = 1; depth <= parts.Length; depth++)
        {
            var directory = $"{Root}/cpuset/{string.Join('/', parts.Take(depth))}";
            foreach (var file in (string[])["cpuset.cpus", "cpuset.mems"])
            {
                if (File.Exists($"{directory}/{file}"))
                {
                    File.WriteAllText($"{directory}/{file}", File.ReadAllText($"{Root}/cpuset/{file}"));
                }
            }
        }
    }

    /// <summary>The processes in the group and below it.</summary>
    public IReadOnlyList<int> Processes()
    {
        var found = new HashSet<int>();
        foreach (var hierarchy in Hierarchies.Where(hierarchy => Directory.Exists(In(hierarchy))))
        {
            foreach (var directory in Below(In(hierarchy)))
            {
                found.UnionWith(ReadProcesses(directory));
            }
        }

        return [.. found];
    }

    /// <summary>Stops every process where it stands, or lets them all go on.</summary>
    public void Freeze(bool frozen) =>
        File.WriteAllText($"{In("freezer")}/freezer.state", frozen ? "FROZEN" : "THAWED");

    public bool IsFrozen =>
        File.Exists($"{In("freezer")}/freezer.state")
        && File.ReadAllText($"{In("freezer")}/freezer.state").Trim() != "THAWED";

    /// <summary>Ends every process in the group, then removes the group.</summary>
    /// <exception cref="LabException">A process does not end.</exception>
    public async Task EndAsync(CancellationToken cancel)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var processes = Processes();
            if (processes.Count == 0)
            {
                Remove();
                return;
            }

            processes.Where(process => process > 1).ToList().ForEach(process => Signals.TrySend(process, Signals.Kill));
            if (IsFrozen)
            {
                // A frozen process takes its signals when it thaws.
                Freeze(false);
            }

            await Task.Delay(Pause, cancel).ConfigureAwait(false);
        }

        throw new LabException($"Processes of {path} do not end: {string.Join(' ', Processes())}.");
    }

    private void Remove()
    {
        foreach (var hierarchy in Hierarchies.Where(hierarchy => Directory.Exists(In(hierarchy))))
        {
            // Deepest first: a control group goes by rmdir of its empty directory, its files notwithstanding.
            foreach (var directory in Below(In(hierarchy)).Reverse())
            {
                Directory.Delete(directory);
            }
        }
    }

    private static IEnumerable<string> Below(string directory)
    {
        yield return directory;
        string[] children;
        try
        {
            children = Directory.GetDirectories(directory);
        }
        catch (DirectoryNotFoundException)
        {
            // The group went while it was looked at.
            yield break;
        }

        foreach (var child in children)
        {
            foreach (var deeper in Below(child))
            {
                yield return deeper;
            }
        }
    }

    private static IEnumerable<int> ReadProcesses(string directory)
    {
        try
        {
            return [.. File.ReadLines($"{directory}/cgroup.procs").Select(int.Parse)];
        }
        catch (IOException)
        {
            // The group went while it was read.
            return [];
        }
    }
}
