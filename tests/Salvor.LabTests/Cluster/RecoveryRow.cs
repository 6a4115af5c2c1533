namespace Salvor.LabTests.Cluster;

/// <summary>
/// How an agent mended one fault, or left it alone; times count from the moment that it was injected, or ended.
/// </summary>
/// <param name="Cause">What the agent named first.</param>
/// <param name="Rungs">What it did, in order.</param>
/// <param name="Detected">When it first found the cause.</param>
/// <param name="Decided">When its first plan began; null where it had none.</param>
/// <param name="Ended">When its last plan ended; null where it had none.</param>
/// <param name="ApiReady">When kube-apiserver was ready.</param>
/// <param name="NodesReady">When both nodes were Ready, by what they told after the fault.</param>
/// <param name="Lost">How many revisions are gone; null where no data was replaced.</param>
public sealed record RecoveryRow(
    string Cause, string Rungs, TimeSpan? Detected, TimeSpan? Decided, TimeSpan? Ended, TimeSpan ApiReady,
    TimeSpan NodesReady, long? Lost);
