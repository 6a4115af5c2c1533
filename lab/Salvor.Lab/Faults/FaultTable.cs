namespace Salvor.Lab.Faults;

/// <summary>Every fault that the lab can make, by name.</summary>
public static class FaultTable
{
    private static readonly Lazy<IReadOnlyList<Fault>> Faults = new(() =>
    [
        .. NodeFaults.Read(), .. MachineFaults.All, .. VolumeFaults.All, .. NetworkFaults.All, .. CloudFaults.All,
    ]);

    public static IReadOnlyList<Fault> All => Faults.Value;

    /// <exception cref="LabException">There is no such fault.</exception>
    public static Fault Find(string name) => All.FirstOrDefault(fault => fault.Name == name)
        ?? throw new LabException(
            $"There is no fault '{name}'. The faults: {string.Join(' ', All.Select(fault => fault.Name))}.");
}
