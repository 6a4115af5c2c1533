namespace Salvor.Cloud;

/// <summary>The alarms of machines.</summary>
public interface IAlarms
{
    /// <summary>Every alarm that watches the machine, whoever made it.</summary>
    Task<IReadOnlyList<MachineAlarm>> ListAsync(MachineId machine, CancellationToken ct);

    /// <summary>The alarms of these names that there are, whatever they watch.</summary>
    Task<IReadOnlyList<MachineAlarm>> FindAsync(IReadOnlyList<string> names, CancellationToken ct);

    /// <summary>Makes an alarm, or replaces all of the definition of the one of that name; its state stays.</summary>
    Task PutAsync(AlarmDefinition alarm, CancellationToken ct);

    /// <summary>Deletes the alarms of exactly these names; one that is not there is no failure.</summary>
    Task DeleteAsync(IReadOnlyList<string> names, CancellationToken ct);

    /// <summary>Lets alarms act, or only watch.</summary>
    Task SetActionsEnabledAsync(IReadOnlyList<string> names, bool enabled, CancellationToken ct);

    /// <summary>
    /// Puts an alarm into a state until it is next evaluated. Its actions run, as if what it watches had brought it
    /// there.
    /// </summary>
    Task SetStateAsync(string name, AlarmState state, string reason, CancellationToken ct);
}
