using Salvor.Lab;
using Salvor.Lab.Cloud;
using Salvor.Lab.Host;
using Salvor.Lab.Machines;

namespace Salvor.LabTests.Machines;

/// <summary>A region with a machine in each of two zones, and no cluster. Each test leaves both running.</summary>
public sealed class RegionFixture : IAsyncLifetime
{
    public const string First = "i-0000000000000aaaa";
    public const string Second = "i-0000000000000bbbb";
    private Laboratory? _lab;

    public Laboratory Lab => _lab ?? throw new InvalidOperationException("The fixture has not begun.");

    public NspawnHost Host => Lab.Host;

    public static LabPaths NewPaths() => LabPaths.Of($"t{Guid.NewGuid():N}"[..8]);

    public static MachineImage Image()
    {
        var root = Environment.GetEnvironmentVariable("SALVOR_LAB_ROOT");
        Assert.True(
            Directory.Exists(root),
            "SALVOR_LAB_ROOT names no root file system. ./test sets it, with what 'eng/fetch-machine --root' prints.");
        return new MachineImage(root, "/dev/null", "/usr/bin", Salvor: null);
    }

    public static MachineOrder Order(string instance, int zone, string userData = "") => new(
        instance, Laboratory.Zones[zone - 1], $"10.77.{zone}.{20 + instance[^1] % 7}",
        System.Text.Encoding.ASCII.GetBytes(userData), new Dictionary<string, string> { ["Name"] = instance[^4..] });

    public async ValueTask InitializeAsync()
    {
        var cancel = TestContext.Current.CancellationToken;
        Assert.True(Environment.UserName == "root", "Machines can only be made by root.");
        _lab = await Laboratory.CreateAsync(NewPaths(), new LabSettings(Image()), cancel);
        await Host.CreateAsync(Order(First, 1), cancel);
        await Host.CreateAsync(Order(Second, 2), cancel);
        await Host.PowerOnAsync(First, cancel);
        await Host.PowerOnAsync(Second, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (_lab is { } lab)
        {
            await lab.DisposeAsync();
            Assert.Empty(await Sweep.LeftoversAsync(lab.Paths, CancellationToken.None));
        }
    }
}
