using Salvor.Node.Runtime;

namespace Salvor.Recovery.OnMachine.Looks;

/// <summary>Remembers when containers were started, to tell one that ends again and again.</summary>
/// <remarks>kubelet takes old containers away, so each start is remembered when it is first seen.</remarks>
internal sealed class CrashLoops
{
    /// <summary>So many starts within <see cref="Window"/> are a loop.</summary>
    private const int LoopStarts = 3;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    /// <summary>
    /// One that runs for this long has not ended soon after its start. What is started anew on purpose adds up as well:
    /// a manifest that protect changed, and a recovery, soon after kubeadm's own start.
    /// </summary>
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(90);

    private readonly Dictionary<string, List<(string Id, DateTimeOffset Created)>> _starts = [];

    /// <summary>Whether containers of a name end again and again, soon after their start.</summary>
    public bool Holds(IReadOnlyCollection<PodContainer> containers, string name, DateTimeOffset now)
    {
        if (!_starts.TryGetValue(name, out var starts))
        {
            _starts[name] = starts = [];
        }

        var named = containers.Where(container => container.Name == name).ToList();
        foreach (var container in named.Where(one => starts.All(start => start.Id != one.Id)))
        {
            starts.Add((container.Id, container.Created));
        }

        starts.RemoveAll(start => now - start.Created > Window || start.Created > now + Window);
        return starts.Count >= LoopStarts
            && !named.Any(container => container.IsRunning && now - container.Created > Lasting);
    }
}
