using Salvor.Load;

namespace Salvor.Compare;

/// <summary>What every task works with: the programs, the load, and a place for files.</summary>
/// <param name="Scratch">A directory that goes away at the end.</param>
/// <param name="Salvor">The published salvor binary.</param>
/// <param name="Tools">The directory of etcd, etcdctl and etcdutl.</param>
/// <param name="Load">What etcd holds at the start.</param>
/// <param name="Pairs">Pairs of runs that count.</param>
public sealed record Workbench(string Scratch, string Salvor, string Tools, LoadOptions Load, int Pairs)
{
    public string Etcdctl => Path.Combine(Tools, "etcdctl");

    public string Etcdutl => Path.Combine(Tools, "etcdutl");

    /// <summary>A path in the scratch directory.</summary>
    public string this[string name] => Path.Combine(Scratch, name);

    /// <summary>Starts an etcd that holds the load.</summary>
    public async Task<ComparedEtcd> StartLoadedAsync(string name, CancellationToken ct)
    {
        var etcd = await ComparedEtcd.StartAsync(Path.Combine(Tools, "etcd"), this[name], ct);
        try
        {
            using var gateway = new EtcdGateway(new Uri(etcd.Endpoint));
            LoadCommand.Print(await new LoadWriter(gateway, Load).RunAsync(ct));
            return etcd;
        }
        catch
        {
            await etcd.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes an empty repository.</summary>
    /// <param name="name">What its key file and configuration are called after.</param>
    /// <param name="location">A directory or a bucket.</param>
    /// <param name="access">The options that lead to the bucket; none for a directory.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>The options that lead to the repository.</returns>
    public async Task<string[]> MakeRepositoryAsync(
        string name, string location, string[] access, CancellationToken ct)
    {
        string[] place = ["--repository", location, .. access, "--key-file", this[$"{name}.key"]];
        await TimedProcess.RunAsync(Salvor, ["init", .. place, "--config", this[$"{name}.yaml"]], ct);
        return place;
    }

    /// <summary>Makes a repository in a directory, with one snapshot.</summary>
    /// <returns>The options that lead to it.</returns>
    public async Task<string[]> MakeSnapshotAsync(string name, ComparedEtcd etcd, CancellationToken ct)
    {
        var place = await MakeRepositoryAsync(name, this[name], [], ct);
        await TimedProcess.RunAsync(Salvor, ["backup", .. place, "--endpoints", etcd.Endpoint], ct);
        return place;
    }
}
