using Salvor.Platform.Linux;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.OnMachine.Certificates;

namespace Salvor.Tests.Recovery.OnMachine.Certificates;

public sealed class ClockLookTests : IDisposable
{
    private readonly RepairMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData(true, Truth.Yes)]
    [InlineData(false, Truth.Unknown)]
    [InlineData(null, Truth.Unknown)]
    public void The_kernel_says_that_it_is_kept_and_otherwise_nobody_knows(bool? kernelSays, Truth expected) =>
        Assert.Equal(expected, Judge(kernelSays));

    [Theory]
    [InlineData("/run/systemd/timesync/synchronized", 90_000, Truth.Yes)]
    [InlineData("/var/lib/chrony/chrony.drift", 60, Truth.Yes)]
    [InlineData("/var/lib/chrony/drift", 60, Truth.Yes)]
    [InlineData("/var/lib/chrony/drift", 200, Truth.Unknown)]
    [InlineData("/var/lib/chrony/drift", -60, Truth.Unknown)]
    public void The_stamp_of_a_time_service_proves_it(string path, int minutesAgo, Truth expected)
    {
        _machine.Write(path, "", TimeSpan.FromMinutes(minutesAgo));

        Assert.Equal(expected, Judge(kernelSays: false));
    }

    [Theory]
    [InlineData("/var/lib/salvor/journal", -60, Truth.No)]
    [InlineData("/var/lib/salvor/journal", -1, Truth.Unknown)] // Clocks and file systems round.
    [InlineData("/var/lib/salvor/journal", 60, Truth.Unknown)]
    [InlineData("/etc/passwd", -60, Truth.Unknown)]
    public void A_clock_before_something_that_has_happened_is_wrong(string path, int minutesAgo, Truth expected)
    {
        _machine.Write(path, "", TimeSpan.FromMinutes(minutesAgo));

        Assert.Equal(expected, Judge(kernelSays: null));
        Assert.Equal(Truth.Yes, Judge(kernelSays: true)); // The one of the future was made by a wrong clock then.
    }

    [Fact]
    public void A_clock_before_the_authority_began_is_wrong()
    {
        using var pki = new ClusterPki();
        pki.Machine.Delete("/run/systemd/timesync/synchronized");
        pki.Machine.Time.Advance(TimeSpan.FromDays(-3651));

        Assert.Equal(
            Truth.No, new ClockLook(pki.Machine.Files, pki.Machine.Time, () => false).Look()[Sign.ClockProven].Truth);
    }

    [Fact]
    public void This_machines_kernel_can_be_asked()
    {
        var said = KernelClock.IsSynchronized();

        Assert.Equal(said, KernelClock.IsSynchronized());
    }

    private Truth Judge(bool? kernelSays) =>
        new ClockLook(_machine.Files, _machine.Time, () => kernelSays).Look()[Sign.ClockProven].Truth;
}
