namespace Salvor.Lab;

/// <summary>
/// Where one lab keeps its things. Everything that it makes bears its name, in one of these places: that is how all of
/// it is found again, by any later run, after any end.
/// </summary>
/// <param name="Name">The lab's name: lower-case letters and digits.</param>
public sealed record LabPaths(string Name)
{
    private const int LongestName = 8;

    /// <summary>What all labs share: the directories above theirs.</summary>
    public static IReadOnlyList<string> Shared { get; } = ["/run/salvor-lab", "/var/lib/salvor-lab"];

    /// <summary>Mounts, sockets and the owner's record. Gone with the machine that the lab runs on.</summary>
    public string Run => $"{Shared[0]}/{Name}";

    /// <summary>Disks: what outlives a machine's power.</summary>
    public string Disks => $"{Shared[1]}/{Name}";

    /// <summary>The owner: its process id and start time.</summary>
    public string Owner => $"{Run}/owner";

    /// <summary>The socket that the lab's commands speak to.</summary>
    public string Socket => $"{Run}/control.sock";

    /// <summary>The control group of everything in this lab, in every hierarchy.</summary>
    public string ControlGroup => $"{SharedControlGroup}/{Name}";

    /// <summary>The control group of all labs.</summary>
    public const string SharedControlGroup = "salvor-lab";

    /// <summary>The network namespace between the zones.</summary>
    public string Fabric => $"{NamespacePrefix}fabric";

    public string NamespacePrefix => $"lab-{Name}-";

    /// <exception cref="LabException">The name is none.</exception>
    public static LabPaths Of(string name) =>
        name.Length is > 0 and <= LongestName && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c))
            ? new LabPaths(name)
            : throw new LabException(
                $"'{name}' is no name for a lab: 1 to {LongestName} lower-case letters and digits.");
}
