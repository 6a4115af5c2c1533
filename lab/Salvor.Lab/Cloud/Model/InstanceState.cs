namespace Salvor.Lab.Cloud.Model;

/// <summary>The states of an instance, by the codes that EC2 gives them.</summary>
public enum InstanceState
{
    Pending = 0,
    Running = 16,
    ShuttingDown = 32,
    Terminated = 48,
    Stopping = 64,
    Stopped = 80,
}
