namespace Salvor.Simulation.Recovery.Model;

/// <summary>etcd's volume, which outlives machines.</summary>
internal sealed class Volume(int zone, int timeline, long revision)
{
    public int Zone => zone;

    public bool Exists { get; set; } = true;

    public VolumeData Data { get; set; } = VolumeData.Whole;

    public int Timeline { get; set; } = timeline;

    /// <summary>The newest revision that etcd acknowledged; of damaged data, the newest that can be salvaged.</summary>
    public long Revision { get; set; } = revision;
}
