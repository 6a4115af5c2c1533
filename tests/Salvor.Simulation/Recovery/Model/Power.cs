namespace Salvor.Simulation.Recovery.Model;

internal enum Power
{
    Off,
    Booting,
    Running,
    Stopping,
    Terminated,
}
