namespace Salvor.ObjectStore.Probe;

public enum ProbeOutcome
{
    /// <summary>The store did what it must.</summary>
    Passed,

    /// <summary>It did something else.</summary>
    Failed,

    /// <summary>The credentials, or the permissions of the directory, do not allow it.</summary>
    Denied,

    /// <summary>What it needs was not there.</summary>
    NotTried,
}
