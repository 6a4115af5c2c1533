namespace Salvor.Formats.Bbolt;

/// <summary>
/// Told of every broken rule of a tree. One that returns makes the walk go on behind the damage; one that throws ends
/// it.
/// </summary>
public delegate void TreeFaultHandler(TreeFault fault);
