namespace Salvor.Readiness.Protect.DataVolume;

/// <summary>How far a move of etcd's data is. Each is recorded before its first change.</summary>
internal enum MoveStep
{
    /// <summary>etcd is being stopped, and then its data copied. Back: its manifest returns.</summary>
    Copy,

    /// <summary>Names change: the old directory goes aside, the volume takes its place. Back: both return.</summary>
    Swap,

    /// <summary>The volume is in its place, and etcd is started on it. Forward, unless it does not come up.</summary>
    Start,
}
