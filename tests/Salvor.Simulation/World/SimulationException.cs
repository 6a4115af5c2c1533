namespace Salvor.Simulation.World;

/// <summary>What must never happen has happened; the message tells what, and when.</summary>
internal sealed class SimulationException(string message, Exception? inner = null) : Exception(message, inner);
