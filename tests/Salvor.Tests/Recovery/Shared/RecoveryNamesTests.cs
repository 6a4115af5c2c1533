using Salvor.Repository;

namespace Salvor.Tests.Recovery.Shared;

public sealed class RecoveryNamesTests
{
    [Theory]
    [InlineData("recovery/lease", true)]
    [InlineData("recovery/lease2", false)]
    [InlineData("recovery/incidents/00000001/00000001", true)]
    [InlineData("recovery/incidents/00000001", false)]
    [InlineData("recovery/incidents/00000000/00000001", false)]
    [InlineData("recovery/incidents/00000001/00000001/x", false)]
    [InlineData("recovery/timelines/00000002", true)]
    [InlineData("recovery/timelines/00000002/begin", false)]
    [InlineData("recovery/heartbeats/agent-1", true)]
    [InlineData("recovery/heartbeats/..", false)]
    [InlineData("recovery/heartbeats/a/b", false)]
    public void Names_are_told_from_others(string name, bool isKnown)
    {
        Assert.Equal(isKnown, RecoveryNames.IsKnown(name));
    }
}
