namespace Salvor.Tests.DataDirectory;

/// <summary>What an etcd that starts on a target would meet.</summary>
internal enum TargetState
{
    Untouched,
    Complete,

    /// <summary>The log directory is made unbootable until the restore is run again.</summary>
    Closed,

    Broken,
}
