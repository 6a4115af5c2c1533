using Salvor.Recovery.Evidence;

namespace Salvor.Tests.Recovery.Evidence;

public sealed class ObservationsTests
{
    [Fact]
    public void Sign_that_nobody_saw_is_unknown_and_has_nothing_to_say()
    {
        var seen = Observations.None.With(Sign.EndpointReady, isSo: true);

        Assert.Equal(new Sighting(Truth.Unknown, ""), seen[Sign.MachineRuns]);
        Assert.Equal("", Observations.None.And(seen)[Sign.MachineRuns].Detail);
    }
}
