namespace Salvor.Cloud;

/// <summary>What a cloud's own checks say of a machine.</summary>
/// <param name="State">The machine's state as of the checks.</param>
/// <param name="System">The host below the machine: its power, its network, its hardware.</param>
/// <param name="Instance">The machine's own system: whether it answers on its network.</param>
public sealed record MachineChecks(MachineState State, StatusCheck System, StatusCheck Instance);
