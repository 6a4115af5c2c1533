namespace Salvor.Formats.Findings;

/// <summary>How bad a finding is for somebody who wants to use the data.</summary>
public enum Severity
{
    /// <summary>Worth knowing; the data is good.</summary>
    Info,

    /// <summary>The data can be used, but something is not as etcd leaves it.</summary>
    Warning,

    /// <summary>Data is damaged or missing: etcd would refuse it, or serve something wrong.</summary>
    Error,
}
