namespace Salvor.Readiness.Protect.Machine;

/// <summary>One assignment in a unit file of systemd.</summary>
/// <param name="Section">"Unit", "Service".</param>
/// <param name="Key">Its name.</param>
/// <param name="Value">As written; empty takes away what was set before.</param>
/// <param name="File">Where it is written, as a path of the machine.</param>
internal sealed record UnitSetting(string Section, string Key, string Value, string File);
