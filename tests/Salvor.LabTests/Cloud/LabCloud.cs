using System.Net;
using Salvor.Lab.Cloud;
using Salvor.Lab.Cloud.Model;

namespace Salvor.LabTests.Cloud;

/// <summary>A region of two zones on a scripted host and a hand-driven clock, at a scale of 20.</summary>
internal sealed class LabCloud
{
    public const double Scale = 20;

    public static readonly RegionOptions Options = new("lab-1",
    [
        new Zone("lab-1a", "subnet-a", IPNetwork.Parse("10.77.1.0/24")),
        new Zone("lab-1b", "subnet-b", IPNetwork.Parse("127.0.0.0/8")),
    ]);

    public LabCloud() => Service = new CloudService(Options, Host, Clock, Scale);

    public HandClock Clock { get; } = new();

    public ScriptedHost Host { get; } = new();

    public CloudService Service { get; }

    public Region Region => Service.Region;

    /// <summary>Moves the cloud's time on, second by second of the cloud.</summary>
    public async Task PassAsync(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            Clock.Elapsed += TimeSpan.FromSeconds(1 / Scale);
            await Service.StepAsync(TestContext.Current.CancellationToken);
        }
    }

    public async Task<string> RunningAsync(InstanceOrder? order = null)
    {
        var id = Region.Run(order ?? new InstanceOrder("ami-lab", "m5.large", "lab-1a")).Id;
        await PassAsync(10);
        Assert.Equal(InstanceState.Running, State(id));
        return id;
    }

    public InstanceState State(string id) => Region.Require(id).State;

    public async Task<string> VolumeAsync(string zone = "lab-1a")
    {
        var id = Region.CreateVolume(zone, 1, null, Region.Require(Region.State.Instances.Keys.First()).Tags).Id;
        await PassAsync(5);
        return id;
    }

    public static void Refuses(string code, Action act) =>
        Assert.Equal(code, Assert.Throws<CloudException>(act).Code);
}
