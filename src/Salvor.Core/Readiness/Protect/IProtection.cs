namespace Salvor.Readiness.Protect;

/// <summary>
/// One thing that <c>salvor protect</c> sees to: a setting of a file, a unit, an object in the cluster or the cloud.
/// </summary>
/// <remarks>
/// Looking changes nothing, ever. Changing begins with a look of its own, since time has passed, and writes only what
/// still differs: a second run writes nothing. What can't be read or done is a <see cref="Errors.SalvorException"/>,
/// which is shown beside the item and ends none of the others.
/// </remarks>
public interface IProtection
{
    /// <summary>Where it belongs: "node", "cloud". Items of one section are shown together.</summary>
    string Section { get; }

    /// <summary>Its stable name for programs, unique in all sections, in lower case with dashes.</summary>
    string Name { get; }

    /// <summary>What it is good for, as one sentence.</summary>
    string Purpose { get; }

    Task<ProtectionLook> LookAsync(ProtectionAim aim, CancellationToken ct);

    /// <summary>Brings about what the look wants. Called only after a look that differs.</summary>
    Task ChangeAsync(ProtectionAim aim, CancellationToken ct);
}
