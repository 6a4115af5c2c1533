namespace Salvor.IntegrationTests.Workload;

/// <summary>One request: where it goes, what it says, and what the model makes of it once etcd has said yes.</summary>
/// <param name="Path">Of etcd's JSON gateway.</param>
/// <param name="Body">JSON.</param>
/// <param name="Apply">Does the same to the model.</param>
internal sealed record WorkloadStep(string Path, string Body, Action<WorkloadModel> Apply);
